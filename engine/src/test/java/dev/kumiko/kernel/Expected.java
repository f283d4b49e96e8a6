package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an operation gives in exact arithmetic, and how far off float arithmetic may be. */
final class Expected {
  private final double[] values;
  private final double[] bounds;

  Expected(int count) {
    values = new double[count];
    bounds = new double[count];
  }

  void set(int i, double value, double bound) {
    values[i] = value;
    bounds[i] = bound;
  }

  /** Compares every element of {@code actual} from {@code offset}; the failure names the worst. */
  void check(String what, float[] actual, int offset) {
    double worst = 0;
    int at = 0;
    for (int i = 0; i < values.length; i++) {
      double difference = Math.abs(values[i] - actual[offset + i]);
      double excess = difference <= bounds[i] ? 0 : difference / bounds[i];
      if (Double.isNaN(excess)) {
        excess = Double.POSITIVE_INFINITY;
      }
      if (excess > worst) {
        worst = excess;
        at = i;
      }
    }
    int index = at;
    assertTrue(
        worst == 0,
        () ->
            "%s: element %d of %d is %s, expected %s to within %s"
                .formatted(
                    what,
                    index,
                    values.length,
                    actual[offset + index],
                    values[index],
                    bounds[index]));
  }
}
