package dev.kumiko.search;

import java.util.List;

/**
 * Vectors that are searched: in memory, in a mapped file, or computed when they are read. Threads
 * read at the same time, so implementations must be safe for concurrent use, and give the same
 * values each time as long as a search runs.
 */
public interface VectorSource {
  /** {@return how many vectors there are} */
  int count();

  /** {@return the number of components of each} */
  int dimension();

  /**
   * Reads consecutive vectors.
   *
   * @param first the first one, from 0
   * @param count their number
   * @param target gets {@code [count][dimension]} from {@code to}
   * @param to the place of the first number in {@code target}
   */
  void read(int first, int count, float[] target, int to);

  /**
   * {@return vectors in memory}
   *
   * @param vectors each {@code [dimension]}; neither copied nor to be changed while in use
   * @throws IllegalArgumentException if there are none, or their lengths differ
   */
  static VectorSource of(List<float[]> vectors) {
    return new ListVectors(vectors);
  }

  /**
   * {@return some of these vectors, such as those of the lines that are not empty}
   *
   * @param rows which ones, in their new order; copied
   * @throws IndexOutOfBoundsException if there is no such vector
   */
  default VectorSource select(int[] rows) {
    return new SelectedVectors(this, rows);
  }
}
