package dev.kumiko.tools.quantize;

import dev.kumiko.format.Int8Activations;

/**
 * To the steps with the smallest squared error of those whose magnitudes in no group add up to more
 * than the activations allow.
 */
final class BoundedRow implements RowRounding {
  /** A smaller scale is finer, and has to lower more values of the groups with the largest sums. */
  private static final double SMALLEST_SHARE = 0.6;

  /** With a little more than the whole, rounding keeps the bound by itself. */
  private static final double LARGEST_SHARE = 1.02;

  private static final int CANDIDATES = 22;

  private final int groupSize;
  private final int largestSum;

  BoundedRow(Int8Activations activations) {
    this.groupSize = activations.groupSize();
    this.largestSum = activations.largestSum();
  }

  /**
   * Returns the scale with the smallest squared error, of those about the one with which the
   * largest group fits by itself, and that cut off no value.
   */
  @Override
  public float scale(float[] row) {
    double largestGroup = 0;
    double largest = 0;
    for (int from = 0; from < row.length; from += groupSize) {
      double sum = 0;
      for (int i = from; i < Math.min(row.length, from + groupSize); i++) {
        sum += Math.abs(row[i]);
        largest = Math.max(largest, Math.abs(row[i]));
      }
      largestGroup = Math.max(largestGroup, sum);
    }
    byte[] rounded = new byte[row.length];
    double smallestError = Double.POSITIVE_INFINITY;
    float best = 1;
    float previous = 0;
    for (int i = 0; i < CANDIDATES; i++) {
      double share = SMALLEST_SHARE + (LARGEST_SHARE - SMALLEST_SHARE) * i / (CANDIDATES - 1);
      float scale = (float) Math.max(share * largestGroup / largestSum, largest / Int8Row.LARGEST);
      if (scale > previous) {
        round(row, scale, rounded);
        double error = squaredError(row, scale, rounded);
        if (error < smallestError) {
          smallestError = error;
          best = scale;
        }
        previous = scale;
      }
    }
    return best;
  }

  @Override
  public void round(float[] row, float scale, byte[] target) {
    for (int from = 0; from < row.length; from += groupSize) {
      roundGroup(row, from, Math.min(row.length, from + groupSize), scale, target);
    }
  }

  /**
   * Rounds to the nearest step, halves to even; as long as the sum is too large, lowers the
   * magnitude whose error grows least. As the error is convex in each value, no other steps are
   * better.
   */
  private void roundGroup(float[] row, int from, int to, float scale, byte[] target) {
    double[] above = new double[to - from];
    int sum = 0;
    for (int i = from; i < to; i++) {
      double steps = row[i] / (double) scale;
      target[i] = (byte) Math.clamp(Math.rint(steps), -Int8Row.LARGEST, Int8Row.LARGEST);
      int magnitude = Math.abs(target[i]);
      above[i - from] = magnitude == 0 ? Double.NEGATIVE_INFINITY : magnitude - Math.abs(steps);
      sum += magnitude;
    }
    for (; sum > largestSum; sum--) {
      int highest = 0;
      for (int i = 1; i < above.length; i++) {
        highest = above[i] > above[highest] ? i : highest;
      }
      int lowered = from + highest;
      target[lowered] -= (byte) Integer.signum(target[lowered]);
      above[highest] = target[lowered] == 0 ? Double.NEGATIVE_INFINITY : above[highest] - 1;
    }
  }

  private static double squaredError(float[] row, float scale, byte[] rounded) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      double difference = row[i] - (double) rounded[i] * scale;
      sum += difference * difference;
    }
    return sum;
  }
}
