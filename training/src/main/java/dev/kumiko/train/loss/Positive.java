package dev.kumiko.train.loss;

/** A setting that has to be a positive number. */
final class Positive {
  private Positive() {}

  static void check(String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "The %s is %s, expected a positive number".formatted(name, value));
    }
  }
}
