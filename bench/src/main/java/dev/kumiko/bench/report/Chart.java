package dev.kumiko.bench.report;

import java.io.IOException;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Draws bars. */
public final class Chart {
  private static final int WIDTH = 1400;
  private static final int HEIGHT = 700;

  private Chart() {}

  /** Returns a PNG image. */
  public static byte[] png(Bars bars) throws IOException {
    System.setProperty("java.awt.headless", "true");
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(bars.title())
            .yAxisTitle(bars.axis())
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setAvailableSpaceFill(0.9);
    for (Bars.Series series : bars.series()) {
      chart.addSeries(
          series.name(), bars.groups(), orZero(series.values()), orZero(series.errors()));
    }
    return ChartEncoder.getBytes(chart, "png");
  }

  /** What was not measured has no bar. */
  private static List<Double> orZero(List<Double> values) {
    return values.stream().map(value -> value.isNaN() ? 0 : value).toList();
  }
}
