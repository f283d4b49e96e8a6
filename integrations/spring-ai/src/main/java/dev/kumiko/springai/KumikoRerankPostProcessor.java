package dev.kumiko.springai;

import dev.kumiko.Ranked;
import dev.kumiko.Reranker;
import java.util.List;
import java.util.Objects;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;

/**
 * Sorts documents that were found by how well they answer the query, with a {@link Reranker}, which
 * stays the caller's to close. Immutable and safe for concurrent use. Needs {@code spring-ai-rag}.
 */
public class KumikoRerankPostProcessor implements DocumentPostProcessor {
  private final Reranker reranker;
  private final int topN;

  /**
   * Keeps all documents.
   *
   * @param reranker computes the scores
   */
  public KumikoRerankPostProcessor(Reranker reranker) {
    this(reranker, Integer.MAX_VALUE);
  }

  /**
   * Keeps the best documents.
   *
   * @param reranker computes the scores
   * @param topN how many at most are kept
   * @throws IllegalArgumentException if {@code topN} is less than 1
   */
  public KumikoRerankPostProcessor(Reranker reranker, int topN) {
    this.reranker = Objects.requireNonNull(reranker, "reranker");
    if (topN < 1) {
      throw new IllegalArgumentException(
          "topN is %d, but one document at least is kept".formatted(topN));
    }
    this.topN = topN;
  }

  /**
   * Ranks documents.
   *
   * @param query of which the text is read, not the history
   * @param documents of which the texts are read, not the metadata
   * @return the best first, as copies with the score that the reranker gave in place of the store's
   * @throws IllegalArgumentException if a document has no text
   */
  @Override
  public List<Document> process(Query query, List<Document> documents) {
    List<String> texts = documents.stream().map(DocumentTexts::of).toList();
    return reranker.rank(query.text(), texts).stream()
        .limit(topN)
        .map(ranked -> scored(documents.get(ranked.index()), ranked))
        .toList();
  }

  private static Document scored(Document document, Ranked ranked) {
    Document copy = document.mutate().score((double) ranked.score()).build();
    copy.setContentFormatter(document.getContentFormatter());
    return copy;
  }
}
