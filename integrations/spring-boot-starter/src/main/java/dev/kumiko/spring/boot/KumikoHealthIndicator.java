package dev.kumiko.spring.boot;

import dev.kumiko.Embedder;
import java.util.Objects;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Up as long as an embedder is open, with its model, kernels and dimension. Counts the tokens of no
 * text, which waits for nobody: a probe must not stand in the queue of callers.
 */
public class KumikoHealthIndicator implements HealthIndicator {
  private final Embedder embedder;

  /**
   * Looks at an embedder.
   *
   * @param embedder whose state it shows
   */
  public KumikoHealthIndicator(Embedder embedder) {
    this.embedder = Objects.requireNonNull(embedder, "embedder");
  }

  @Override
  public Health health() {
    Health.Builder health =
        new Health.Builder()
            .withDetail("model", embedder.model().name())
            .withDetail("backend", embedder.backend().toString())
            .withDetail("dimension", embedder.dimension());
    try {
      embedder.countTokens("");
      return health.up().build();
    } catch (IllegalStateException e) {
      return health.down(e).build();
    }
  }
}
