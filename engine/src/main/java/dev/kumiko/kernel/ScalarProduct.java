package dev.kumiko.kernel;

/**
 * The matrix product in the form that C2 vectorises without the incubator module: the inner loop
 * runs over columns, four rows of weights at a time, in separate arrays.
 */
final class ScalarProduct {
  private ScalarProduct() {}

  /**
   * Adds {@code x W} to two rows of sums.
   *
   * @param x two rows of {@code inner} values, from {@code x0} and {@code x1}
   * @param w {@code [inner][at least end]}
   * @param y0 sums of the first row, {@code [at least end]}, added to from {@code first} on
   * @param y1 sums of the second row
   */
  static void twoRows(
      float[] x,
      int x0,
      int x1,
      int inner,
      float[][] w,
      int first,
      int end,
      float[] y0,
      float[] y1) {
    int k = 0;
    for (; k + 4 <= inner; k += 4) {
      addFour(x, x0 + k, x1 + k, w[k], w[k + 1], w[k + 2], w[k + 3], first, end, y0, y1);
    }
    for (; k < inner; k++) {
      addOne(x[x0 + k], w[k], first, end, y0);
      addOne(x[x1 + k], w[k], first, end, y1);
    }
  }

  /** Adds {@code x W} to one row of sums. */
  static void oneRow(float[] x, int x0, int inner, float[][] w, int first, int end, float[] y0) {
    int k = 0;
    for (; k + 4 <= inner; k += 4) {
      addFour(x, x0 + k, w[k], w[k + 1], w[k + 2], w[k + 3], first, end, y0);
    }
    for (; k < inner; k++) {
      addOne(x[x0 + k], w[k], first, end, y0);
    }
  }

  private static void addFour(
      float[] x,
      int x0,
      int x1,
      float[] w0,
      float[] w1,
      float[] w2,
      float[] w3,
      int first,
      int end,
      float[] y0,
      float[] y1) {
    float a0 = x[x0];
    float a1 = x[x0 + 1];
    float a2 = x[x0 + 2];
    float a3 = x[x0 + 3];
    float b0 = x[x1];
    float b1 = x[x1 + 1];
    float b2 = x[x1 + 2];
    float b3 = x[x1 + 3];
    for (int c = first; c < end; c++) {
      float v0 = w0[c];
      float v1 = w1[c];
      float v2 = w2[c];
      float v3 = w3[c];
      y0[c] = Fma.fma(a3, v3, Fma.fma(a2, v2, Fma.fma(a1, v1, Fma.fma(a0, v0, y0[c]))));
      y1[c] = Fma.fma(b3, v3, Fma.fma(b2, v2, Fma.fma(b1, v1, Fma.fma(b0, v0, y1[c]))));
    }
  }

  private static void addFour(
      float[] x,
      int x0,
      float[] w0,
      float[] w1,
      float[] w2,
      float[] w3,
      int first,
      int end,
      float[] y0) {
    float a0 = x[x0];
    float a1 = x[x0 + 1];
    float a2 = x[x0 + 2];
    float a3 = x[x0 + 3];
    for (int c = first; c < end; c++) {
      y0[c] = Fma.fma(a3, w3[c], Fma.fma(a2, w2[c], Fma.fma(a1, w1[c], Fma.fma(a0, w0[c], y0[c]))));
    }
  }

  private static void addOne(float a, float[] w, int first, int end, float[] y) {
    for (int c = first; c < end; c++) {
      y[c] = Fma.fma(a, w[c], y[c]);
    }
  }
}
