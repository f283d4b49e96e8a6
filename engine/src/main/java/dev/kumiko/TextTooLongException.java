package dev.kumiko;

/**
 * An input has more tokens than the model takes: a text, if the embedder was told to refuse such
 * texts, or token ids.
 */
public final class TextTooLongException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Those of the text. */
  private final int tokens;

  /** The largest number that the embedder takes. */
  private final int maxTokens;

  TextTooLongException(String name, int tokens, int maxTokens) {
    this(name, tokens, maxTokens, "shorten it, or choose LongText.CUT or AVERAGE");
  }

  private TextTooLongException(String name, int tokens, int maxTokens, String advice) {
    super(
        "%s has %,d tokens, %,d more than the %,d this embedder takes; %s"
            .formatted(name, tokens, tokens - maxTokens, maxTokens, advice));
    this.tokens = tokens;
    this.maxTokens = maxTokens;
  }

  /** Ids are taken as they are: none is left out. */
  static TextTooLongException ofIds(String name, int tokens, int maxTokens) {
    return new TextTooLongException(name, tokens, maxTokens, "leave out so many of its token ids");
  }

  /** {@return the text's number of tokens, special tokens included} */
  public int tokens() {
    return tokens;
  }

  /** {@return the largest number of tokens the embedder takes} */
  public int maxTokens() {
    return maxTokens;
  }
}
