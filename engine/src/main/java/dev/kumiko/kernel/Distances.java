package dev.kumiko.kernel;

/**
 * What the distance of two tokens does to their attention score. The distance of a key from a query
 * is its position less the query's.
 */
public final class Distances {
  /** Nothing: every token sees every other. */
  public static final Distances ANY = new Distances(Integer.MAX_VALUE, new float[0][]);

  private final int behind;
  private final int ahead;
  private final float[][] bias;

  /**
   * Keeps the array.
   *
   * @param window how far away a token may be seen
   * @param bias {@code [heads][2 * longest text - 1]}, added to the scaled scores: a head's bias
   *     for distance d is at its middle + d; empty for none
   */
  public Distances(int window, float[][] bias) {
    this(window, window, bias);
  }

  /**
   * As {@link #Distances(int, float[][])}, with a limit for each direction.
   *
   * @param behind how far before a token another may stand that it sees
   * @param ahead how far after it; 0 for causal attention
   */
  public Distances(int behind, int ahead, float[][] bias) {
    this.behind = behind;
    this.ahead = ahead;
    this.bias = bias;
  }

  /** Returns the first token that one at {@code position} sees. */
  public int from(int position) {
    return Math.max(0, position - behind);
  }

  /** Returns the token after the last of {@code tokens} that one at {@code position} sees. */
  public int to(int position, int tokens) {
    return tokens - position <= ahead ? tokens : position + ahead + 1;
  }

  /** Returns whether distances make no difference. */
  public boolean areIgnored() {
    return behind == Integer.MAX_VALUE && ahead == Integer.MAX_VALUE && !hasBias();
  }

  /** Returns whether scores have a bias. */
  public boolean hasBias() {
    return bias.length > 0;
  }

  /** Returns a head's bias by distance, not to be changed; distance 0 is at {@link #middle}. */
  public float[] bias(int head) {
    return bias[head];
  }

  /** Returns where the bias of distance 0 is. */
  public int middle() {
    return bias[0].length / 2;
  }
}
