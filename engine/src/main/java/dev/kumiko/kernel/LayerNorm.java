package dev.kumiko.kernel;

/** The parameters of a LayerNorm. */
public final class LayerNorm {
  private final float[] gain;
  private final float[] bias;
  private final float epsilon;

  /**
   * Keeps the arrays.
   *
   * @param gain {@code [size]}
   * @param bias {@code [size]}
   * @param epsilon added to the variance
   */
  public LayerNorm(float[] gain, float[] bias, float epsilon) {
    this.gain = gain;
    this.bias = bias;
    this.epsilon = epsilon;
  }

  /** Returns the row length. */
  public int size() {
    return gain.length;
  }

  /** Returns the factors {@code [size]}, not to be changed. */
  public float[] gain() {
    return gain;
  }

  /** Returns the summands {@code [size]}, not to be changed. */
  public float[] bias() {
    return bias;
  }

  /** Returns what is added to the variance. */
  public float epsilon() {
    return epsilon;
  }
}
