package dev.kumiko.kernel;

import java.util.Arrays;

/** LayerNorm in plain Java, in passes over a row: sum, what its rounding left over, squares. */
final class ScalarLayerNorm {
  private ScalarLayerNorm() {}

  static void addAndNormalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
    int size = norm.size();
    float[] sums = new float[LayerNorm.SUMS];
    for (int row = 0; row < rows; row++) {
      int from = offset + row * size;
      if (residual != null) {
        for (int i = from; i < from + size; i++) {
          x[i] += residual[i];
        }
      }
      float mean = norm.isCentered() ? mean(x, from, size, sums) : 0;
      float variance = squaredDeviations(x, from, size, mean, sums) / size;
      float scale = (float) (1 / Math.sqrt(variance + norm.epsilon()));
      for (int i = 0; i < size; i++) {
        x[from + i] = Fma.fma((x[from + i] - mean) * scale, norm.gain()[i], norm.bias()[i]);
      }
    }
  }

  /** The second sum has small terms only and takes back the rounding of the first. */
  private static float mean(float[] x, int from, int size, float[] sums) {
    float mean = deviations(x, from, size, 0, sums) / size;
    return mean + deviations(x, from, size, mean, sums) / size;
  }

  private static float deviations(float[] x, int from, int size, float mean, float[] sums) {
    Arrays.fill(sums, 0f);
    for (int i = 0; i < size; i++) {
      sums[i % LayerNorm.SUMS] += x[from + i] - mean;
    }
    return LayerNorm.total(sums);
  }

  private static float squaredDeviations(float[] x, int from, int size, float mean, float[] sums) {
    Arrays.fill(sums, 0f);
    for (int i = 0; i < size; i++) {
      float d = x[from + i] - mean;
      sums[i % LayerNorm.SUMS] = Fma.fma(d, d, sums[i % LayerNorm.SUMS]);
    }
    return LayerNorm.total(sums);
  }
}
