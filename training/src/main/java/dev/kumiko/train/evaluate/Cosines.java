package dev.kumiko.train.evaluate;

/** Cosines of vectors. */
final class Cosines {
  private Cosines() {}

  /** Returns the cosine, 0 with a vector of zeros. */
  static double of(float[] a, float[] b) {
    double product = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      squaresOfA += (double) a[i] * a[i];
      squaresOfB += (double) b[i] * b[i];
    }
    double lengths = Math.sqrt(squaresOfA) * Math.sqrt(squaresOfB);
    return lengths == 0 ? 0 : product / lengths;
  }
}
