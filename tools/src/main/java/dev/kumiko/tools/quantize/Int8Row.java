package dev.kumiko.tools.quantize;

/** To the nearest step, whatever the sums are. */
final class Int8Row implements RowRounding {
  static final int LARGEST = 127;

  /** A smaller scale cuts off the largest values and is finer for all others. */
  private static final double SMALLEST_SHARE = 0.75;

  private static final int CANDIDATES = 26;

  /**
   * Returns the scale with the smallest squared error, of those that reach from three quarters of
   * the largest magnitude up to all of it.
   */
  @Override
  public float scale(float[] row) {
    float largest = 0;
    for (float value : row) {
      largest = Math.max(largest, Math.abs(value));
    }
    float best = largest / LARGEST;
    if (best == 0) {
      return 1;
    }
    double smallestError = squaredError(row, best);
    for (int i = 0; i < CANDIDATES - 1; i++) {
      double share = SMALLEST_SHARE + (1 - SMALLEST_SHARE) * i / (CANDIDATES - 1);
      float scale = (float) (share * largest / LARGEST);
      double error = scale > 0 ? squaredError(row, scale) : smallestError;
      if (error < smallestError) {
        smallestError = error;
        best = scale;
      }
    }
    return best;
  }

  @Override
  public void round(float[] row, float scale, byte[] target) {
    for (int i = 0; i < row.length; i++) {
      target[i] = nearest(row[i], scale);
    }
  }

  /** Returns the nearest step, halves to even. */
  private static byte nearest(float value, float scale) {
    return (byte) Math.clamp(Math.rint(value / scale), -LARGEST, LARGEST);
  }

  private static double squaredError(float[] row, float scale) {
    double sum = 0;
    for (float value : row) {
      double difference = value - (double) nearest(value, scale) * scale;
      sum += difference * difference;
    }
    return sum;
  }
}
