package dev.kumiko.train.kernel;

import dev.kumiko.kernel.LayerNorm;

/** The backward pass of LayerNorm and RMSNorm in plain Java; sums are doubles. */
final class ScalarLayerNormGradient {
  private ScalarLayerNormGradient() {}

  static void normalize(
      float[] x, float[] gradient, float[] gains, int offset, int rows, LayerNorm norm) {
    int size = norm.size();
    float[] gain = norm.gain();
    for (int row = 0; row < rows; row++) {
      int from = offset + row * size;
      double sum = 0;
      for (int i = from; i < from + size; i++) {
        sum += x[i];
      }
      float mean = norm.isCentered() ? (float) (sum / size) : 0;
      double squares = 0;
      for (int i = from; i < from + size; i++) {
        double d = x[i] - mean;
        squares += d * d;
      }
      float scale = (float) (1 / Math.sqrt(squares / size + norm.epsilon()));
      double sumH = 0;
      double sumHn = 0;
      for (int i = 0; i < size; i++) {
        float n = (x[from + i] - mean) * scale;
        float h = gradient[from + i] * gain[i];
        gains[from + i] = gradient[from + i] * n;
        sumH += h;
        sumHn += (double) h * n;
      }
      float meanH = norm.isCentered() ? (float) (sumH / size) : 0;
      float meanHn = (float) (sumHn / size);
      for (int i = 0; i < size; i++) {
        float n = (x[from + i] - mean) * scale;
        float h = gradient[from + i] * gain[i];
        gradient[from + i] = (h - meanH - n * meanHn) * scale;
      }
    }
  }
}
