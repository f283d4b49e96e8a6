package dev.kumiko.bench;

/** What makes a benchmark's result count: the vectors are right. */
final class Equality {
  /** Fp32 engines differ by rounding only. */
  private static final double LARGEST_DIFFERENCE = 5e-6;

  private Equality() {}

  static void check(String engine, float[][] expected, float[][] actual) {
    for (int text = 0; text < expected.length; text++) {
      for (int i = 0; i < expected[text].length; i++) {
        double difference = Math.abs((double) expected[text][i] - actual[text][i]);
        if (!(difference < LARGEST_DIFFERENCE)) {
          throw new IllegalStateException(
              "%s is wrong by %g at text %d, component %d".formatted(engine, difference, text, i));
        }
      }
    }
  }
}
