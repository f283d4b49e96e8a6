package dev.kumiko.kernel;

/** Weights {@code [inputs][outputs]} in whatever layout, given out one row at a time. */
public interface WeightRows {
  /** Returns the number of rows. */
  int inputs();

  /** Returns the length of a row. */
  int outputs();

  /**
   * Returns the weights of one input, one value for each output.
   *
   * @param first the first output that is wanted
   * @param end the end of what is wanted
   * @param memory may be filled from {@code first} to {@code end} and returned; has room for all
   *     outputs
   * @return {@code memory} or a row of the layer's own, which is only to be read
   */
  float[] row(int input, int first, int end, float[] memory);
}
