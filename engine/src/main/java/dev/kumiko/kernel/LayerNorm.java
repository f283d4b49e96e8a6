package dev.kumiko.kernel;

/** The parameters of a LayerNorm, or of an RMSNorm, which subtracts no mean. */
public final class LayerNorm {
  /** Values of a row are added up to so many sums in turn, whatever a vector's length. */
  public static final int SUMS = 16;

  private final float[] gain;
  private final float[] bias;
  private final float epsilon;
  private final boolean centered;

  /**
   * Keeps the arrays.
   *
   * @param gain {@code [size]}
   * @param bias {@code [size]}
   * @param epsilon added to the variance
   */
  public LayerNorm(float[] gain, float[] bias, float epsilon) {
    this(gain, bias, epsilon, true);
  }

  /**
   * Keeps the arrays.
   *
   * @param centered whether the mean is subtracted first
   */
  public LayerNorm(float[] gain, float[] bias, float epsilon, boolean centered) {
    this.centered = centered;
    this.gain = gain;
    this.bias = bias;
    this.epsilon = epsilon;
  }

  /** Adds up the sums, always in the same order, and overwrites them. */
  public static float total(float[] sums) {
    for (int half = SUMS / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[i + half];
      }
    }
    return sums[0];
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

  /** Returns whether the mean is subtracted; without, the variance is the mean of squares. */
  public boolean isCentered() {
    return centered;
  }

  /** Returns what is added to the variance. */
  public float epsilon() {
    return epsilon;
  }
}
