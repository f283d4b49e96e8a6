package dev.kumiko.kernel;

/**
 * A linear layer whose weights stay 16 bits wide and are widened whenever they are used. All are
 * zero at first; it is filled before anybody applies it. The results are those of the same weights
 * as floats, to the last bit.
 */
public interface HalfLinear extends Linear {
  /** Sets the bias of consecutive outputs from {@code first} on. */
  void setBias(int first, float[] bias);

  /**
   * Sets the weights of consecutive outputs.
   *
   * @param weight {@code [count][inputs]} from {@code from}, finite numbers
   */
  void setOutputs(int first, int count, short[] weight, int from);
}
