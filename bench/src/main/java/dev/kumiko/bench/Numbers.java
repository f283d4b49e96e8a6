package dev.kumiko.bench;

import java.util.Locale;

/** How figures are written: with as many digits as they deserve. */
final class Numbers {
  private static final String NONE = "-";

  private Numbers() {}

  /** Three significant digits, or all of a whole part. */
  static String plain(double value) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    int digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  /** A value and its error, in per cent of it. */
  static String withError(double value, double error) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    String percent = Double.isNaN(error) ? "?" : Math.round(100 * error / value) + "";
    return plain(value) + " ±" + percent + "%";
  }

  /** A ratio of two values with errors, which are taken as independent. */
  static String ratio(double above, double aboveError, double below, double belowError) {
    double ratio = above / below;
    return withError(ratio, ratio * Math.hypot(aboveError / above, belowError / below));
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f%%", 100 * share);
  }

  /** How a value stands to the least that is wanted; nothing is wanted of NaN. */
  static String target(double value, double least) {
    if (Double.isNaN(least)) {
      return "";
    }
    return String.format(Locale.ROOT, "%s %.2f", value >= least ? "met" : "below", least);
  }
}
