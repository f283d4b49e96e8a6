package dev.kumiko.search;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Vectors of int8, {@code [count][dimension]}, a quarter of the size of floats. They are compared
 * as the values that they stand for, with queries in float or in int8.
 */
public final class Int8Vectors implements VectorSource {
  private final MemorySegment data;
  private final int count;
  private final Int8Ranges ranges;

  /**
   * Takes vectors that lie in memory or in a mapped file.
   *
   * @param data from {@link Int8Ranges#quantize}, one after another; not copied, has to stay alive
   * @param count the number of vectors
   * @param ranges the ranges they were quantised with
   * @throws IllegalArgumentException if the size of {@code data} is another one
   */
  public Int8Vectors(MemorySegment data, int count, Int8Ranges ranges) {
    Rows.requireSize(data, count, ranges.dimension());
    this.data = data;
    this.count = count;
    this.ranges = ranges;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int dimension() {
    return ranges.dimension();
  }

  @Override
  public void read(int first, int count, float[] target, int to) {
    int dimension = dimension();
    byte[] bytes = new byte[count * dimension];
    long from = (long) first * dimension;
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, from, bytes, 0, bytes.length);
    for (int row = 0; row < count; row++) {
      ranges.restore(bytes, row * dimension, target, to + row * dimension);
    }
  }
}
