package dev.kumiko.kernel;

/** Weights {@code [inputs][outputs]} in whatever layout, given out one row at a time. */
public interface WeightRows {
  /**
   * Writes the weights of one input.
   *
   * @param row gets one value for each output, from index 0
   */
  void copy(int input, float[] row);
}
