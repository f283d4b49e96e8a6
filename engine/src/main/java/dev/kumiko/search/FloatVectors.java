package dev.kumiko.search;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Vectors of little-endian floats that lie one after another in memory or in a mapped file: {@code
 * [count][dimension]}. Nothing is copied until it is read.
 */
public final class FloatVectors implements VectorSource {
  private static final ValueLayout.OfFloat LAYOUT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment data;
  private final int count;
  private final int dimension;

  /**
   * Takes vectors that lie in memory.
   *
   * @param data not copied; has to stay alive
   * @param count the number of vectors
   * @param dimension the number of components of each
   * @throws IllegalArgumentException if the size of {@code data} is another one
   */
  public FloatVectors(MemorySegment data, int count, int dimension) {
    Rows.requireSize(data, count, (long) Float.BYTES * dimension);
    this.data = data;
    this.count = count;
    this.dimension = dimension;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public void read(int first, int count, float[] target, int to) {
    long from = (long) first * dimension * Float.BYTES;
    MemorySegment.copy(data, LAYOUT, from, target, to, count * dimension);
  }
}
