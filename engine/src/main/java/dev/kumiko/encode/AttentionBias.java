package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout;
import dev.kumiko.kernel.Distances;

/**
 * The relative bias of attention scores, spread from its buckets over the distances that a text
 * has. Safe for concurrent use.
 */
final class AttentionBias {
  private final Layout.RelativeBias buckets;
  private final int heads;
  private final int window;
  private final int longestInput;

  /** {@code [buckets][heads]}. */
  private final float[] table;

  /** For texts as long as there have been so far. */
  private volatile Distances distances;

  /**
   * A bias.
   *
   * @param table {@code [buckets][heads]}, kept
   * @param window how far away a token may be seen
   */
  AttentionBias(Architecture a, float[] table, int window) {
    this.buckets = a.layout().relativeBias().orElseThrow();
    this.heads = a.attentionHeads();
    this.window = window;
    this.longestInput = a.longestInput();
    this.table = table;
    this.distances = spread(1);
  }

  /** Returns the bias for all distances within a text, or more. */
  Distances upTo(int tokens) {
    Distances known = distances;
    return known.middle() + 1 >= tokens ? known : extend(tokens);
  }

  private synchronized Distances extend(int tokens) {
    int known = distances.middle() + 1;
    if (known < tokens) {
      distances = spread(Reach.grown(known, tokens, longestInput));
    }
    return distances;
  }

  /** Spreads the buckets: {@code [heads][2 * tokens - 1]} by distance. */
  private Distances spread(int tokens) {
    int middle = tokens - 1;
    float[][] bias = new float[heads][2 * middle + 1];
    for (int distance = -middle; distance <= middle; distance++) {
      int bucket = buckets.bucket(distance);
      for (int head = 0; head < heads; head++) {
        bias[head][middle + distance] = table[bucket * heads + head];
      }
    }
    return new Distances(window, bias);
  }
}
