package dev.kumiko.train.evaluate;

import java.util.stream.IntStream;

/** How well two rows of numbers go together, from -1 to 1. */
public final class Correlation {
  private Correlation() {}

  /**
   * Returns Spearman's correlation: that of the ranks, equal numbers sharing the mean of theirs.
   *
   * @param x some numbers
   * @param y as many others
   * @return NaN if all numbers of a row are equal, or one is NaN
   * @throws IllegalArgumentException if the rows differ in length
   */
  public static double spearman(double[] x, double[] y) {
    return pearson(ranks(x), ranks(y));
  }

  /**
   * Returns Pearson's correlation, that of the numbers.
   *
   * @param x some numbers
   * @param y as many others
   * @return NaN if all numbers of a row are equal, or one is NaN
   * @throws IllegalArgumentException if the rows differ in length
   */
  public static double pearson(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "A correlation of %,d numbers with %,d".formatted(x.length, y.length));
    }
    if (isConstant(x) || isConstant(y)) {
      return Double.NaN;
    }
    double meanOfX = mean(x);
    double meanOfY = mean(y);
    double products = 0;
    double squaresOfX = 0;
    double squaresOfY = 0;
    for (int i = 0; i < x.length; i++) {
      double a = x[i] - meanOfX;
      double b = y[i] - meanOfY;
      products += a * b;
      squaresOfX += a * a;
      squaresOfY += b * b;
    }
    return products / Math.sqrt(squaresOfX * squaresOfY);
  }

  /** Not left to the squares: a mean of equal numbers may be off by a rounding. */
  private static boolean isConstant(double[] values) {
    for (double value : values) {
      if (value != values[0]) {
        return false;
      }
    }
    return true;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted((a, b) -> Double.compare(values[a], values[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        boolean number = !Double.isNaN(values[order[i]]);
        ranks[order[i]] = number ? (from + 1 + to) / 2.0 : Double.NaN;
      }
      from = to;
    }
    return ranks;
  }
}
