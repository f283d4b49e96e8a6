package dev.kumiko.springai;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.BatchingStrategy;

/**
 * Divides documents into batches of so many tokens, counted as Kumiko embeds them. Kumiko needs no
 * batches, since its texts share no padding and no request: they decide how often a vector store
 * writes, and how much is lost if a text fails. Immutable and safe for concurrent use.
 */
public class KumikoBatchingStrategy implements BatchingStrategy {
  /** So many tokens are some seconds' work. */
  public static final int DEFAULT_MAX_TOKENS = 65_536;

  private final KumikoEmbeddingModel model;
  private final int maxTokens;

  /**
   * Counts as a model does, up to {@link #DEFAULT_MAX_TOKENS}.
   *
   * @param model whose tokens they are
   */
  public KumikoBatchingStrategy(KumikoEmbeddingModel model) {
    this(model, DEFAULT_MAX_TOKENS);
  }

  /**
   * Counts as a model does.
   *
   * @param model whose tokens they are
   * @param maxTokens the most tokens of a batch; a document with more is a batch of its own
   * @throws IllegalArgumentException if it is less than 1
   */
  public KumikoBatchingStrategy(KumikoEmbeddingModel model, int maxTokens) {
    this.model = Objects.requireNonNull(model, "model");
    if (maxTokens < 1) {
      throw new IllegalArgumentException(
          "maxTokens is %d, but a batch has one token at least".formatted(maxTokens));
    }
    this.maxTokens = maxTokens;
  }

  /**
   * Divides documents.
   *
   * @param documents any number; none gives no batch
   * @return the same documents in the same order; no batch is empty
   * @throws IllegalArgumentException if a document has no text
   */
  @Override
  public List<List<Document>> batch(List<Document> documents) {
    List<List<Document>> batches = new ArrayList<>();
    List<Document> batch = new ArrayList<>();
    long tokens = 0;
    for (Document document : documents) {
      int more = Math.min(model.countTokens(document), model.embedder().maxTokens());
      if (!batch.isEmpty() && tokens + more > maxTokens) {
        batches.add(List.copyOf(batch));
        batch.clear();
        tokens = 0;
      }
      batch.add(document);
      tokens += more;
    }
    if (!batch.isEmpty()) {
      batches.add(List.copyOf(batch));
    }
    return List.copyOf(batches);
  }
}
