package dev.kumiko.model;

/** How a model's vectors are compared. Of every kind, more is more alike. */
public enum Similarity {
  /** The cosine of the angle between two vectors, from -1 to 1; 0 if one of them is zero. */
  COSINE {
    @Override
    double of(float[] a, float[] b) {
      double squares = DOT.of(a, a) * DOT.of(b, b);
      return squares == 0 ? 0 : DOT.of(a, b) / Math.sqrt(squares);
    }
  },
  /** The sum of the products of their components. */
  DOT {
    @Override
    double of(float[] a, float[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += (double) a[i] * b[i];
      }
      return sum;
    }
  },
  /** The negative Euclidean distance. */
  EUCLIDEAN {
    @Override
    double of(float[] a, float[] b) {
      double squares = 0;
      for (int i = 0; i < a.length; i++) {
        double difference = (double) a[i] - b[i];
        squares += difference * difference;
      }
      return -Math.sqrt(squares);
    }
  },
  /** The negative sum of the distances in each component. */
  MANHATTAN {
    @Override
    double of(float[] a, float[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += Math.abs((double) a[i] - b[i]);
      }
      return -sum;
    }
  };

  abstract double of(float[] a, float[] b);

  /**
   * Compares two vectors, in double precision.
   *
   * @param a {@code [dimension]}, such as a stored one
   * @param b {@code [dimension]}
   * @return more is more alike
   * @throws IllegalArgumentException if the dimensions differ
   */
  public double between(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "the vectors have different dimensions, %d and %d; were they made by different models?"
              .formatted(a.length, b.length));
    }
    return of(a, b);
  }
}
