package dev.kumiko.spring.boot;

import dev.kumiko.Reranker;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Up as long as a reranker is open and its file is unchanged, with its model, kernels and longest
 * pair. Scores no documents, which waits for nobody. Safe for concurrent use.
 */
public class KumikoRerankHealthIndicator implements HealthIndicator {
  private final Reranker reranker;

  /**
   * Looks at a reranker.
   *
   * @param reranker whose state it shows; stays the caller's
   */
  public KumikoRerankHealthIndicator(Reranker reranker) {
    this.reranker = Objects.requireNonNull(reranker, "reranker");
  }

  @Override
  public Health health() {
    Health.Builder health =
        new Health.Builder()
            .withDetail("model", reranker.model().name())
            .withDetail("backend", reranker.backend().toString())
            .withDetail("maxTokens", reranker.maxTokens());
    try {
      reranker.scoreAll("", List.of());
      return health.up().build();
    } catch (IllegalStateException e) {
      return health.down(e).build();
    }
  }
}
