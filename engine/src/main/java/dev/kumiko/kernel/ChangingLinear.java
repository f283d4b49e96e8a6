package dev.kumiko.kernel;

/**
 * A linear layer whose weights change, as training needs it; all are zero at first. Whoever changes
 * them makes sure that nobody applies the layer meanwhile. Threads may change different outputs, or
 * different inputs, at a time.
 */
public interface ChangingLinear extends Linear {
  /** Sets the bias of consecutive outputs from {@code first} on. */
  void setBias(int first, float[] bias);

  /**
   * Sets the weights of consecutive outputs.
   *
   * @param weight {@code [count][inputs]} from {@code from}
   */
  void setOutputs(int first, int count, float[] weight, int from);

  /**
   * Sets the weights of consecutive inputs, for all outputs.
   *
   * @param weight {@code [count][outputs]} from {@code from}
   */
  void setInputs(int first, int count, float[] weight, int from);
}
