package dev.kumiko.langchain4j;

import dev.kumiko.Embedder;
import dev.kumiko.Prompt;
import dev.kumiko.chunk.Chunk;
import dev.kumiko.chunk.TextSplitter;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;

/**
 * A {@link TextSplitter} as LangChain4j's document splitter: by tokens, at the ends of paragraphs,
 * sentences or words.
 *
 * <pre>{@code
 * DocumentSplitter splitter = KumikoDocumentSplitter.of(model, 256, 32);
 * }</pre>
 *
 * <p>A segment has the document's metadata, its number from 0 under {@link #INDEX}, as
 * LangChain4j's own splitters give it, and its place in the document's text under {@link #START}
 * and {@link #END}. These take the place of metadata of the document's own under the same keys. A
 * chunk of nothing but white space, which LangChain4j allows no segment for, is left out. Safe for
 * concurrent use if the splitter is.
 */
public final class KumikoDocumentSplitter implements DocumentSplitter {
  /** The metadata key of a segment's number, a string as of LangChain4j's splitters. */
  public static final String INDEX = "index";

  /** The metadata key of the first char's index. */
  public static final String START = "start";

  /** The metadata key of the index behind the last char. */
  public static final String END = "end";

  private final TextSplitter splitter;

  /**
   * Splits as a splitter does.
   *
   * @param splitter made for the embedder whose tokens count
   */
  public KumikoDocumentSplitter(TextSplitter splitter) {
    this.splitter = Objects.requireNonNull(splitter, "splitter");
  }

  /**
   * Returns a splitter into segments that a model takes whole, as documents or with its own prompt.
   *
   * @param model has to stay open
   * @return the splitter, without an overlap
   */
  public static KumikoDocumentSplitter of(KumikoEmbeddingModel model) {
    return of(model, model.embedder().maxTokens(), 0);
  }

  /**
   * Returns a splitter that counts as a model does. A segment fits with the prompt of documents,
   * which an ingestor asks for by its input type, and with the model's own.
   *
   * @param model has to stay open
   * @param maxTokens the most tokens of a segment, special tokens and the prompt included
   * @param overlapTokens how many tokens at the end of a segment the next one may repeat
   * @return the splitter
   * @throws IllegalArgumentException if {@code maxTokens} leaves no room beside special tokens and
   *     the prompt, or {@code overlapTokens} is negative or not less than that room
   */
  public static KumikoDocumentSplitter of(
      KumikoEmbeddingModel model, int maxTokens, int overlapTokens) {
    return new KumikoDocumentSplitter(
        TextSplitter.builder(counter(model.embedder()))
            .maxTokens(maxTokens)
            .overlapTokens(overlapTokens)
            .build());
  }

  private static ToIntFunction<String> counter(Embedder embedder) {
    boolean same =
        Arrays.equals(
            embedder.tokenize("", Prompt.DOCUMENT, Integer.MAX_VALUE).ids(),
            embedder.tokenize("", embedder.prompt(), Integer.MAX_VALUE).ids());
    return same
        ? embedder::countTokens
        : text -> Math.max(embedder.countTokens(text), embedder.countTokens(text, Prompt.DOCUMENT));
  }

  /**
   * Splits a document.
   *
   * @param document whose text is not empty, as LangChain4j's never is
   * @return its segments in the order of the text
   * @throws IllegalArgumentException if the document is null, or one code point has more tokens
   *     than a segment may have
   */
  @Override
  public List<TextSegment> split(Document document) {
    if (document == null) {
      throw new IllegalArgumentException("the document to split is null");
    }
    List<TextSegment> segments = new ArrayList<>();
    for (Chunk chunk : splitter.split(document.text())) {
      if (!chunk.text().isBlank()) {
        Metadata metadata = document.metadata().copy();
        metadata.put(INDEX, String.valueOf(segments.size()));
        metadata.put(START, chunk.start());
        metadata.put(END, chunk.end());
        segments.add(TextSegment.from(chunk.text(), metadata));
      }
    }
    return segments;
  }
}
