package dev.kumiko.bench;

/** What makes a benchmark's result count: the vectors are right. */
final class Equality {
  /** Fp32 engines differ by rounding only. */
  private static final double LARGEST_DIFFERENCE = 5e-6;

  /** Int8 engines differ from fp32 by more; this tells a wrong vector from a rough one. */
  private static final double SMALLEST_COSINE = 0.95;

  private Equality() {}

  /**
   * Checks vectors of length 1.
   *
   * @return the worst text's cosine
   * @throws IllegalStateException naming the first text whose vector is wrong
   */
  static double check(EngineKind engine, float[][] expected, float[][] actual) {
    if (expected.length != actual.length) {
      throw new IllegalStateException(
          "%s gave %d vectors for %d texts".formatted(engine.id(), actual.length, expected.length));
    }
    double worst = 1;
    for (int text = 0; text < expected.length; text++) {
      double largest = 0;
      double cosine = 0;
      for (int i = 0; i < expected[text].length; i++) {
        largest = Math.max(largest, Math.abs((double) expected[text][i] - actual[text][i]));
        cosine += (double) expected[text][i] * actual[text][i];
      }
      boolean right =
          switch (engine.agreement()) {
            case EXACT -> largest < LARGEST_DIFFERENCE;
            case ROUGH -> cosine > SMALLEST_COSINE;
            case NONE -> true;
          };
      if (!right) {
        throw new IllegalStateException(
            "%s is wrong at text %d: off by %g, cosine %g"
                .formatted(engine.id(), text, largest, cosine));
      }
      worst = Math.min(worst, cosine);
    }
    return worst;
  }
}
