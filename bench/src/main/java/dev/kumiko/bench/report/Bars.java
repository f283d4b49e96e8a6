package dev.kumiko.bench.report;

import java.util.List;

/**
 * Bars in groups, one colour for each series.
 *
 * @param groups names below the axis
 */
public record Bars(String title, String axis, List<String> groups, List<Series> series) {
  /**
   * Bars of one colour.
   *
   * @param colour as in CSS, {@code #rrggbb}
   * @param values one for each group, NaN where there is none
   * @param errors half the length of the error bars
   */
  public record Series(String name, String colour, List<Double> values, List<Double> errors) {}
}
