package dev.kumiko.kernel;

/** LayerNorm in plain Java, in passes over a row: sum, what its rounding left over, squares. */
final class ScalarLayerNorm {
  private ScalarLayerNorm() {}

  static void addAndNormalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
    int size = norm.size();
    for (int row = 0; row < rows; row++) {
      int from = offset + row * size;
      if (residual != null) {
        for (int i = from; i < from + size; i++) {
          x[i] += residual[i];
        }
      }
      // The second sum has small terms only and takes back the rounding of the first.
      float mean = deviations(x, from, size, 0) / size;
      mean += deviations(x, from, size, mean) / size;
      float squares = 0;
      for (int i = from; i < from + size; i++) {
        squares = Math.fma(x[i] - mean, x[i] - mean, squares);
      }
      float scale = (float) (1 / Math.sqrt(squares / size + norm.epsilon()));
      for (int i = 0; i < size; i++) {
        x[from + i] = Math.fma((x[from + i] - mean) * scale, norm.gain()[i], norm.bias()[i]);
      }
    }
  }

  private static float deviations(float[] x, int from, int size, float mean) {
    float sum = 0;
    for (int i = from; i < from + size; i++) {
      sum += x[i] - mean;
    }
    return sum;
  }
}
