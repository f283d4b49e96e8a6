package dev.kumiko.search;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Vectors of which the signs alone are kept, a bit for each component: a thirty-second of the size
 * of floats. A component is compared as 1 if it was above 0, and as -1 if not. With queries in
 * float, their similarities choose better candidates than Hamming distances do; queries that are
 * binary too give the order of the Hamming distances. Either way ask for several times as many
 * neighbours as are wanted, and let {@link ExactSearch#rescore} choose among them.
 */
public final class BinaryVectors implements VectorSource {
  private final MemorySegment data;
  private final int count;
  private final int dimension;
  private final int rowBytes;

  /**
   * Takes vectors that lie in memory or in a mapped file.
   *
   * @param data from {@link #pack}, one after another; not copied, has to stay alive
   * @param count the number of vectors
   * @param dimension the number of components of each
   * @throws IllegalArgumentException if the size of {@code data} is another one
   */
  public BinaryVectors(MemorySegment data, int count, int dimension) {
    this.rowBytes = Math.ceilDiv(dimension, Byte.SIZE);
    Rows.requireSize(data, count, rowBytes);
    this.data = data;
    this.count = count;
    this.dimension = dimension;
  }

  /**
   * Packs the signs of a vector: the first component is the highest bit of the first byte, 1 if it
   * is above 0, and bits that are left over are 0. That is NumPy's {@code packbits(vector > 0)} and
   * sentence-transformers' {@code ubinary} precision.
   *
   * @param vector {@code [dimension]}
   * @return {@code [ceil(dimension / 8)]}, new
   */
  public static byte[] pack(float[] vector) {
    byte[] bits = new byte[Math.ceilDiv(vector.length, Byte.SIZE)];
    for (int i = 0; i < vector.length; i++) {
      if (vector[i] > 0) {
        bits[i / Byte.SIZE] |= (byte) (0x80 >> i % Byte.SIZE);
      }
    }
    return bits;
  }

  /**
   * {@return in how many bits two packed vectors differ}
   *
   * @param a one packed vector
   * @param b the other, of the same length
   * @throws IllegalArgumentException if the lengths differ
   */
  public static int hamming(byte[] a, byte[] b) {
    if (Objects.requireNonNull(a, "a").length != b.length) {
      throw new IllegalArgumentException(
          "packed vectors of %,d and of %,d bytes".formatted(a.length, b.length));
    }
    int distance = 0;
    for (int i = 0; i < a.length; i++) {
      distance += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
    }
    return distance;
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
    byte[] bits = new byte[count * rowBytes];
    long from = (long) first * rowBytes;
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, from, bits, 0, bits.length);
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < dimension; i++) {
        int bit = bits[row * rowBytes + i / Byte.SIZE] >> (Byte.SIZE - 1 - i % Byte.SIZE) & 1;
        target[to + row * dimension + i] = 2 * bit - 1;
      }
    }
  }
}
