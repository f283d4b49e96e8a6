package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.kernel.Distances;

/**
 * The bias of attention scores by distance, spread over the distances that a text has. Safe for
 * concurrent use.
 */
final class AttentionBias {
  private final Formula formula;
  private final int heads;
  private final int behind;
  private final int ahead;
  private final int longestInput;

  /** For texts as long as there have been so far. */
  private volatile Distances distances;

  /** What is added to a head's scores of keys that stand so far behind the query. */
  @FunctionalInterface
  interface Formula {
    float of(int head, int distance);
  }

  /**
   * A bias.
   *
   * @param behind how far before a token another may stand that it sees
   * @param ahead how far after it
   */
  AttentionBias(Architecture a, Formula formula, int behind, int ahead) {
    this.formula = formula;
    this.heads = a.attentionHeads();
    this.behind = behind;
    this.ahead = ahead;
    this.longestInput = a.longestInput();
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

  /** Computes {@code [heads][2 * tokens - 1]} by distance. */
  private Distances spread(int tokens) {
    int middle = tokens - 1;
    float[][] bias = new float[heads][2 * middle + 1];
    for (int distance = -middle; distance <= middle; distance++) {
      for (int head = 0; head < heads; head++) {
        bias[head][middle + distance] = formula.of(head, distance);
      }
    }
    return new Distances(behind, ahead, bias);
  }
}
