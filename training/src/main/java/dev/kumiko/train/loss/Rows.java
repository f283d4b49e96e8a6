package dev.kumiko.train.loss;

/** Arithmetic on rows of matrices. */
final class Rows {
  private Rows() {}

  /** The scalar product; four sums, so that one addition need not wait for the other. */
  static double dot(double[] a, int rowOfA, double[] b, int rowOfB, int size) {
    int fromA = rowOfA * size;
    int fromB = rowOfB * size;
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i < size - 3; i += 4) {
      sum0 += a[fromA + i] * b[fromB + i];
      sum1 += a[fromA + i + 1] * b[fromB + i + 1];
      sum2 += a[fromA + i + 2] * b[fromB + i + 2];
      sum3 += a[fromA + i + 3] * b[fromB + i + 3];
    }
    for (; i < size; i++) {
      sum0 += a[fromA + i] * b[fromB + i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  static double dot(SentenceVectors a, int rowOfA, SentenceVectors b, int rowOfB) {
    return dot(a.values(), rowOfA, b.values(), rowOfB, a.size());
  }

  /** Adds the gradient with respect to a scalar product to both of its sides. */
  static void addDotGradient(
      SentenceVectors a, int rowOfA, SentenceVectors b, int rowOfB, double gradient) {
    addScaled(gradient, b.values(), rowOfB, a.gradient(), rowOfA, a.size());
    addScaled(gradient, a.values(), rowOfA, b.gradient(), rowOfB, a.size());
  }

  /** Adds {@code factor * x} to {@code sum}. */
  static void addScaled(double factor, double[] x, int rowOfX, double[] sum, int row, int size) {
    int fromX = rowOfX * size;
    int from = row * size;
    for (int i = 0; i < size; i++) {
      sum[from + i] += factor * x[fromX + i];
    }
  }
}
