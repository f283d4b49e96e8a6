package dev.kumiko.search;

import dev.kumiko.model.Similarity;
import java.lang.foreign.MemorySegment;

/** Vectors as the products take them: checked, and for cosines of length 1. */
final class Rows {
  /** Products of two longer ones might not be finite in float. */
  private static final double LONGEST = 1e18;

  private static final int CHUNK = 256;

  private final String name;
  private final VectorSource source;
  private final boolean normalized;

  /** One by each vector's length, {@code [count]}; 0 for a vector of zeros. */
  private final float[] inverses;

  /**
   * Prepares vectors.
   *
   * @param name what they are, for messages
   */
  Rows(String name, VectorSource source, Similarity similarity) {
    this.name = name;
    this.source = source;
    this.normalized = similarity == Similarity.COSINE;
    this.inverses = new float[source.count()];
  }

  static void requireSize(MemorySegment data, int count, long rowBytes) {
    if (count < 0 || rowBytes <= 0 || data.byteSize() != count * rowBytes) {
      throw new IllegalArgumentException(
          "%,d vectors of %,d bytes each take other than the %,d bytes that there are"
              .formatted(count, rowBytes, data.byteSize()));
    }
  }

  int count() {
    return source.count();
  }

  int dimension() {
    return source.dimension();
  }

  /** Returns how many parts {@link #prepare} has. */
  int parts() {
    return Math.ceilDiv(count(), CHUNK);
  }

  /**
   * Measures some of the vectors; all have to be before any is read. Threads may take other parts
   * at a time.
   *
   * @throws IllegalArgumentException if a component is not finite
   */
  void prepare(int part) {
    int first = part * CHUNK;
    int rows = Math.min(CHUNK, count() - first);
    int dimension = dimension();
    float[] vectors = new float[rows * dimension];
    source.read(first, rows, vectors, 0);
    for (int r = 0; r < rows; r++) {
      double length =
          Math.sqrt(Exact.dot(vectors, r * dimension, vectors, r * dimension, dimension));
      if (!(length < LONGEST)) {
        throw refused(first + r, vectors, r * dimension);
      }
      inverses[first + r] = length == 0 ? 0 : (float) (1 / length);
    }
  }

  private IllegalArgumentException refused(int row, float[] vectors, int from) {
    for (int i = 0; i < dimension(); i++) {
      if (!Float.isFinite(vectors[from + i])) {
        return new IllegalArgumentException(
            "%s: the component %,d of vector %,d is %s".formatted(name, i, row, vectors[from + i]));
      }
    }
    return new IllegalArgumentException(
        "%s: vector %,d is longer than %g".formatted(name, row, LONGEST));
  }

  /** Reads vectors, {@code [count][dimension]}, made as long as the similarity wants them. */
  void read(int first, int count, float[] target) {
    source.read(first, count, target, 0);
    if (!normalized) {
      return;
    }
    int dimension = dimension();
    for (int r = 0; r < count; r++) {
      float inverse = inverses[first + r];
      for (int i = r * dimension; i < (r + 1) * dimension; i++) {
        target[i] *= inverse;
      }
    }
  }

  /** Reads one vector as it is. */
  void readExact(int row, float[] target) {
    source.read(row, 1, target, 0);
  }
}
