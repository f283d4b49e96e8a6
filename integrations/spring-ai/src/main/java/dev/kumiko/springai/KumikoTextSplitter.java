package dev.kumiko.springai;

import dev.kumiko.chunk.Chunk;
import java.util.List;
import java.util.Objects;
import org.springframework.ai.document.Document;
import org.springframework.ai.transformer.splitter.TextSplitter;

/**
 * Splits documents into such as a model takes whole, at the best places there are: what {@link
 * dev.kumiko.chunk.TextSplitter} does with texts, in the place of Spring AI's {@code
 * TokenTextSplitter}, which counts the tokens of another model. The texts of a document's parts are
 * together its text, to the last blank, unless they overlap. Safe for concurrent use.
 */
public class KumikoTextSplitter extends TextSplitter {
  private final dev.kumiko.chunk.TextSplitter splitter;

  /**
   * Splits as another splitter does.
   *
   * @param splitter of texts
   */
  public KumikoTextSplitter(dev.kumiko.chunk.TextSplitter splitter) {
    this.splitter = Objects.requireNonNull(splitter, "splitter");
  }

  /**
   * Returns a splitter into parts that a model takes whole, with the prompt of documents.
   *
   * @param model must be open as long as the splitter is used
   * @return the splitter
   */
  public static KumikoTextSplitter of(KumikoEmbeddingModel model) {
    return of(model, model.embedder().maxTokens(), 0);
  }

  /**
   * Returns a splitter that counts as a model does, with the prompt of documents. Metadata is not
   * counted: leave room for it, if the model's metadata mode embeds it.
   *
   * @param model must be open as long as the splitter is used
   * @param maxTokens the most tokens of a part, special tokens and the prompt included
   * @param overlapTokens how many tokens at the end of a part the next one may repeat
   * @return the splitter
   * @throws IllegalArgumentException if {@code maxTokens} leaves no room beside special tokens and
   *     the prompt, or {@code overlapTokens} is negative or not less than that room
   */
  public static KumikoTextSplitter of(
      KumikoEmbeddingModel model, int maxTokens, int overlapTokens) {
    return new KumikoTextSplitter(
        dev.kumiko.chunk.TextSplitter.builder(model::countTokens)
            .maxTokens(maxTokens)
            .overlapTokens(overlapTokens)
            .build());
  }

  /**
   * Splits documents.
   *
   * @return the parts of all of them, in their order, with the metadata of the whole
   * @throws IllegalArgumentException if a document has no text
   */
  @Override
  public List<Document> apply(List<Document> documents) {
    documents.forEach(DocumentTexts::of);
    return super.apply(documents);
  }

  @Override
  protected List<String> splitText(String text) {
    return splitter.stream(text).map(Chunk::text).toList();
  }
}
