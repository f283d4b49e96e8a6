package dev.kumiko.langchain4j;

import dev.kumiko.Embedder;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.TokenCountEstimator;
import java.util.Objects;

/**
 * Counts tokens as an embedder has them, special tokens and its prompt included, however long a
 * text is. LangChain4j's in-process models leave the two special tokens out.
 *
 * <p>A message has the tokens of its text: an embedding model knows no roles. One with anything but
 * text is refused. Safe for concurrent use as long as the embedder is open.
 */
public final class KumikoTokenCountEstimator implements TokenCountEstimator {
  private final Embedder embedder;

  /**
   * Counts an embedder's tokens.
   *
   * @param embedder stays the caller's
   */
  public KumikoTokenCountEstimator(Embedder embedder) {
    this.embedder = Objects.requireNonNull(embedder, "embedder");
  }

  @Override
  public int estimateTokenCountInText(String text) {
    return embedder.countTokens(text);
  }

  @Override
  public int estimateTokenCountInMessage(ChatMessage message) {
    return switch (message) {
      case UserMessage user -> {
        StringBuilder text = new StringBuilder();
        for (Content content : user.contents()) {
          text.append(text.isEmpty() ? "" : "\n").append(text(content));
        }
        yield embedder.countTokens(text.toString());
      }
      case SystemMessage system -> embedder.countTokens(system.text());
      case AiMessage ai -> ai.text() == null ? 0 : embedder.countTokens(ai.text());
      case ToolExecutionResultMessage result -> embedder.countTokens(result.text());
      default -> throw unsupported("a message of type " + message.type());
    };
  }

  private static String text(Content content) {
    if (content instanceof TextContent text) {
      return text.text();
    }
    throw unsupported("content of type " + content.type());
  }

  private static UnsupportedFeatureException unsupported(String what) {
    return new UnsupportedFeatureException(what + " has no tokens of a text model");
  }

  @Override
  public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
    int tokens = 0;
    for (ChatMessage message : messages) {
      tokens = Math.addExact(tokens, estimateTokenCountInMessage(message));
    }
    return tokens;
  }
}
