package dev.kumiko.search;

import java.util.List;

/** Vectors that lie in memory one by one. */
final class ListVectors implements VectorSource {
  private final List<float[]> vectors;
  private final int dimension;

  ListVectors(List<float[]> vectors) {
    this.vectors = List.copyOf(vectors);
    if (vectors.isEmpty()) {
      throw new IllegalArgumentException("there are no vectors");
    }
    this.dimension = vectors.getFirst().length;
    for (int i = 0; i < vectors.size(); i++) {
      if (vectors.get(i).length != dimension) {
        throw new IllegalArgumentException(
            "vector %,d has %,d components, but the first has %,d"
                .formatted(i, vectors.get(i).length, dimension));
      }
    }
  }

  @Override
  public int count() {
    return vectors.size();
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public void read(int first, int count, float[] target, int to) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(vectors.get(first + i), 0, target, to + i * dimension, dimension);
    }
  }
}
