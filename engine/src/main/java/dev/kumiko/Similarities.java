package dev.kumiko;

import dev.kumiko.format.Similarity;

/** How alike two vectors are, computed in double precision. */
final class Similarities {
  private Similarities() {}

  /**
   * Compares two vectors.
   *
   * @throws IllegalArgumentException if the dimensions differ
   */
  static double of(Similarity similarity, float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "the vectors have different dimensions, %d and %d; were they made by different models?"
              .formatted(a.length, b.length));
    }
    return switch (similarity) {
      case COSINE -> cosine(a, b);
      case DOT -> dot(a, b);
      case EUCLIDEAN -> {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
          double difference = (double) a[i] - b[i];
          squares += difference * difference;
        }
        yield -Math.sqrt(squares);
      }
      case MANHATTAN -> {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
          sum += Math.abs((double) a[i] - b[i]);
        }
        yield -sum;
      }
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
}
