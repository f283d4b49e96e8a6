package dev.kumiko.kernel;

/** Weights {@code [inputs][outputs]} in whatever layout, given out one row at a time. */
public interface WeightRows {
  /**
   * Returns the weights of one input, one value for each output, from index 0.
   *
   * @param memory may be filled and returned; has room for all outputs
   * @return {@code memory} or a row of the layer's own, which is only to be read
   */
  float[] row(int input, float[] memory);
}
