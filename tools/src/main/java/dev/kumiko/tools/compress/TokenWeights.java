package dev.kumiko.tools.compress;

import java.util.Arrays;
import java.util.Optional;

/** What a token's error counts in the fit. */
final class TokenWeights {
  /** What a token counts that is not in the corpus, where the mean of all tokens is 1. */
  private static final float UNSEEN = 0.2f;

  private TokenWeights() {}

  /** Returns weights {@code [tokens]}, positive; without counts all are the same. */
  static float[] of(Optional<long[]> counts, int tokens) {
    float[] weights = new float[tokens];
    Arrays.fill(weights, 1);
    if (counts.isPresent()) {
      double mean = Arrays.stream(counts.get()).average().orElseThrow();
      for (int token = 0; token < tokens; token++) {
        weights[token] = UNSEEN + (float) ((double) counts.get()[token] / mean);
      }
    }
    return weights;
  }
}
