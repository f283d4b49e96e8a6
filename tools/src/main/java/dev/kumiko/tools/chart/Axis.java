package dev.kumiko.tools.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis with round numbers on it.
 *
 * @param low where it begins
 * @param high where it ends
 * @param unit between two numbers: 1, 2 or 5 times a power of ten
 */
record Axis(double low, double high, double unit) {
  private static final int TICKS = 4;
  private static final int MOST_DECIMALS = 4;

  /** Returns an axis that begins and ends exactly there. */
  static Axis of(double low, double high) {
    return new Axis(low, high, unit(high - low));
  }

  /** Returns an axis that begins and ends with round numbers around these. */
  static Axis around(double lowest, double highest) {
    double half = lowest < highest ? 0 : Math.max(Math.abs(lowest) * 0.05, Double.MIN_NORMAL);
    double unit = unit(highest - lowest + 2 * half);
    double low = Math.floor((lowest - half) / unit) * unit;
    double high = Math.ceil((highest + half) / unit) * unit;
    return new Axis(low, high, unit);
  }

  private static double unit(double range) {
    double least = range / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (int factor : new int[] {1, 2, 5}) {
      if (factor * power >= least * 0.999) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** Returns the round numbers from the lowest on. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    long first = (long) Math.ceil(low / unit - 1e-9);
    for (long i = first; i * unit <= high + unit * 1e-9; i++) {
      ticks.add(i * unit);
    }
    return ticks;
  }

  /** Returns a number as it stands beside the axis. */
  String label(double value) {
    int exponent = (int) Math.floor(Math.log10(unit) + 1e-9);
    if (-exponent <= MOST_DECIMALS || value == 0) {
      int decimals = value == 0 ? 0 : Math.max(0, -exponent);
      return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
    return scientific(value, (int) Math.floor(Math.log10(Math.abs(value)) + 1e-9) - exponent);
  }

  /** Returns a number such as 1.5e-5 with so many decimals at most. */
  static String scientific(double value, int decimals) {
    String[] halves =
        String.format(Locale.ROOT, "%." + Math.max(0, decimals) + "e", value).split("e", 2);
    String mantissa = halves[0].contains(".") ? halves[0].replaceAll("\\.?0+$", "") : halves[0];
    return mantissa + "e" + Integer.parseInt(halves[1]);
  }
}
