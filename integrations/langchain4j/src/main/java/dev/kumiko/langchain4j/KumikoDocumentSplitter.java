package dev.kumiko.langchain4j;

import dev.kumiko.chunk.Chunk;
import dev.kumiko.chunk.TextSplitter;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A {@link TextSplitter} as LangChain4j's document splitter: by tokens, at the ends of paragraphs,
 * sentences or words.
 *
 * <pre>{@code
 * DocumentSplitter splitter =
 *     new KumikoDocumentSplitter(
 *         TextSplitter.builder(model.embedder()).maxTokens(256).overlapTokens(32).build());
 * }</pre>
 *
 * <p>A segment has the document's metadata, its number from 0 under {@link #INDEX}, as
 * LangChain4j's own splitters give it, and its place in the document's text under {@link #START}
 * and {@link #END}. A chunk of nothing but white space, which LangChain4j allows no segment for, is
 * left out. Safe for concurrent use if the splitter is.
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

  @Override
  public List<TextSegment> split(Document document) {
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
