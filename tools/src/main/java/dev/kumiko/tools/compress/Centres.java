package dev.kumiko.tools.compress;

/** Sums up points that share a code; double, and in the order in which the points come. */
final class Centres {
  private final int width;
  private final double[] sums;
  private final double[] weights;

  Centres(int size, int width) {
    this.width = width;
    this.sums = new double[Math.multiplyExact(size, width)];
    this.weights = new double[size];
  }

  /** Adds the point at {@code from}. */
  void add(int code, float[] points, int from, float weight) {
    int to = code * width;
    for (int i = 0; i < width; i++) {
      sums[to + i] += (double) weight * points[from + i];
    }
    weights[code] += weight;
  }

  boolean isEmpty(int code) {
    return weights[code] == 0;
  }

  /**
   * Writes the weighted means, which have the smallest sum of weighted squared distances to their
   * points. A code without points keeps the vector it has.
   *
   * @param vectors {@code [size][width]}
   */
  void writeMeans(float[] vectors) {
    for (int code = 0; code < weights.length; code++) {
      if (weights[code] > 0) {
        for (int i = 0; i < width; i++) {
          vectors[code * width + i] = (float) (sums[code * width + i] / weights[code]);
        }
      }
    }
  }
}
