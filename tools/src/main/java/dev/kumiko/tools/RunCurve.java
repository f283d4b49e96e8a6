package dev.kumiko.tools;

import dev.kumiko.tools.chart.LinePanel.Point;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Values over the steps of a run, however long it is: when there are too many, two neighbours
 * become their mean.
 */
final class RunCurve {
  private static final int MOST = 1 << 10;

  private final double[] steps = new double[MOST];
  private final double[] values = new double[MOST];
  private int size;
  private long stride = 1;
  private long pending;
  private double stepSum;
  private double valueSum;

  void add(long step, double value) {
    if (!Double.isFinite(value)) {
      return;
    }
    stepSum += step;
    valueSum += value;
    pending++;
    if (pending == stride) {
      steps[size] = stepSum / stride;
      values[size++] = valueSum / stride;
      stepSum = 0;
      valueSum = 0;
      pending = 0;
    }
    if (size == MOST) {
      halve();
    }
  }

  private void halve() {
    size /= 2;
    for (int i = 0; i < size; i++) {
      steps[i] = (steps[2 * i] + steps[2 * i + 1]) / 2;
      values[i] = (values[2 * i] + values[2 * i + 1]) / 2;
    }
    stride *= 2;
  }

  boolean isEmpty() {
    return size == 0;
  }

  List<Point> points() {
    return points(values);
  }

  private List<Point> points(double[] of) {
    return IntStream.range(0, size).mapToObj(i -> new Point(steps[i], of[i])).toList();
  }

  /** Returns the last value. */
  double last() {
    return values[size - 1];
  }

  /**
   * Returns the points, each value the mean of those around it: a twentieth to either side, less at
   * the beginning, where curves fall, and at the end what there is.
   */
  List<Point> smooth() {
    int reach = Math.max(1, size / 20);
    double[] sums = new double[size + 1];
    for (int i = 0; i < size; i++) {
      sums[i + 1] = sums[i] + values[i];
    }
    double[] smooth = new double[size];
    for (int i = 0; i < size; i++) {
      int near = Math.min(reach, i);
      int end = Math.min(size, i + near + 1);
      smooth[i] = (sums[end] - sums[i - near]) / (end - i + near);
    }
    return points(smooth);
  }
}
