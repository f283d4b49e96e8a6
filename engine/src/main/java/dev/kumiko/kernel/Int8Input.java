package dev.kumiko.kernel;

/**
 * How the input rows of a linear layer are quantised: {@code q[i] = round(x[i] * factors[i] /
 * scale)}, halves to even, with a scale for each row that makes the largest magnitude {@code
 * limit}. The layer's weights are such that the products of a group of inputs add up in 16 bits,
 * and those of a row in 24.
 */
public final class Int8Input {
  /** The least that a row's largest magnitude counts as: the inverse of a scale is finite. */
  public static final float SMALLEST = 1e-30f;

  private final int groupSize;
  private final int limit;
  private final float[] factors;

  /**
   * Keeps the array.
   *
   * @param groupSize inputs of one group
   * @param limit largest magnitude of a quantised input
   * @param factors {@code [inputs]}
   */
  public Int8Input(int groupSize, int limit, float[] factors) {
    this.groupSize = groupSize;
    this.limit = limit;
    this.factors = factors;
  }

  /** Returns the length of an input row. */
  public int size() {
    return factors.length;
  }

  /** Returns the number of inputs in one group. */
  public int groupSize() {
    return groupSize;
  }

  /** Returns the largest magnitude of a quantised input. */
  public int limit() {
    return limit;
  }

  /** Returns the factors {@code [inputs]}, not to be changed. */
  public float[] factors() {
    return factors;
  }
}
