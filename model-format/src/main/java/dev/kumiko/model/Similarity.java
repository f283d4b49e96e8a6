package dev.kumiko.model;

/** How a model's vectors are compared. Of every kind, more is more alike. */
public enum Similarity {
  /** The cosine of the angle between two vectors, from -1 to 1; 0 if one of them is zero. */
  COSINE,
  /** The sum of the products of their components. */
  DOT,
  /** The negative Euclidean distance. */
  EUCLIDEAN,
  /** The negative sum of the distances in each component. */
  MANHATTAN;

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
    return switch (this) {
      case COSINE -> cosine(a, b);
      case DOT -> dot(a, b);
      case EUCLIDEAN -> -euclidean(a, b);
      case MANHATTAN -> -manhattan(a, b);
    };
  }

  private static double cosine(float[] a, float[] b) {
    double squares = dot(a, a) * dot(b, b);
    return squares == 0 ? 0 : dot(a, b) / Math.sqrt(squares);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double euclidean(float[] a, float[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      squares += difference * difference;
    }
    return Math.sqrt(squares);
  }

  private static double manhattan(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((double) a[i] - b[i]);
    }
    return sum;
  }
}
