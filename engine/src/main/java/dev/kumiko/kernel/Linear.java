package dev.kumiko.kernel;

/** A linear layer whose weights are packed for one backend: {@code y = x W' + b}. */
public interface Linear {
  /** Returns the length of an input row. */
  int inputs();

  /** Returns the length of an output row. */
  int outputs();

  /**
   * Computes {@code rows} rows.
   *
   * @param x {@code [rows][inputs]} from {@code xOffset}
   * @param y {@code [rows][outputs]} from {@code yOffset}, overwritten; not the array {@code x}
   * @param scratch this thread's scratch memory
   */
  void apply(float[] x, int xOffset, int rows, float[] y, int yOffset, Scratch scratch);
}
