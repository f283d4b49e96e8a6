package dev.kumiko.tools.compress;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a token's error counts in the fit. With a corpus that is the square root of its frequency:
 * the most frequent tokens say the least, and two texts have them in common; measured on sentence
 * pairs, the frequency itself ranks them less well.
 */
final class TokenWeights {
  /** What a token counts that is not in the corpus, where one of mean frequency counts 1. */
  private static final double UNSEEN = 0.1;

  /** What a token counts that keeps its own row: next to nothing, but all have to count. */
  private static final float OWN = 1e-6f;

  private TokenWeights() {}

  /**
   * Returns weights {@code [tokens]}, positive; without counts all are the same.
   *
   * @param ownRows ids of tokens whose codes nobody reads
   */
  static float[] of(Optional<long[]> counts, int tokens, int[] ownRows) {
    float[] weights = new float[tokens];
    Arrays.fill(weights, 1);
    if (counts.isPresent()) {
      double mean = Arrays.stream(counts.get()).average().orElseThrow();
      for (int token = 0; token < tokens; token++) {
        weights[token] = (float) (UNSEEN + Math.sqrt((double) counts.get()[token] / mean));
      }
    }
    for (int token : ownRows) {
      weights[token] = OWN;
    }
    return weights;
  }
}
