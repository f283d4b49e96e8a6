package dev.kumiko.train.part;

/** What is done to pooled vectors. */
interface HeadPart {
  /**
   * Computes the step.
   *
   * @param x {@code [rows][inputs]}, kept
   */
  Result forward(float[] x, int rows);

  /** Takes over parameters that have changed. */
  default void refresh() {}
}
