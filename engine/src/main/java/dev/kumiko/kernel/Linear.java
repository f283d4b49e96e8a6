package dev.kumiko.kernel;

/** A linear layer whose weights are packed for one backend: {@code y = x W' + b}. */
public interface Linear {
  /** Returns the length of an input row. */
  int inputs();

  /** Returns the length of an output row. */
  int outputs();

  /** Returns how many outputs lie together: threads that share a layer divide it there. */
  int outputsTogether();

  /**
   * Computes {@code rows} rows.
   *
   * @param x {@code [rows][inputs]} from {@code xOffset}
   * @param y {@code [rows][outputs]} from {@code yOffset}, overwritten; not the array {@code x}
   * @param scratch this thread's scratch memory
   */
  default void apply(float[] x, int xOffset, int rows, float[] y, int yOffset, Scratch scratch) {
    apply(x, xOffset, rows, 0, outputs(), y, yOffset, scratch);
  }

  /**
   * Computes some of the outputs of {@code rows} rows, to the same bits as all together. It reads
   * their weights alone.
   *
   * @param x {@code [rows][inputs]} from {@code xOffset}
   * @param first the first output, a multiple of {@link #outputsTogether}
   * @param end the end of the outputs, another multiple or {@link #outputs()}
   * @param y {@code [rows][outputs]} from {@code yOffset}, overwritten from {@code first} to {@code
   *     end}; not the array {@code x}
   * @param scratch this thread's scratch memory
   */
  void apply(
      float[] x,
      int xOffset,
      int rows,
      int first,
      int end,
      float[] y,
      int yOffset,
      Scratch scratch);
}
