package dev.kumiko.tools;

import dev.kumiko.format.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;

/** Draws quality over bytes, one mark for each model. */
final class FrontierChart {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 600;

  private FrontierChart() {}

  /** Says early what would only turn out after all the work. */
  static void check(Path target) throws IOException {
    String png = "\u0089PNG";
    Replaceable.check(
        target,
        "a PNG image",
        bytes -> new String(bytes, StandardCharsets.ISO_8859_1).startsWith(png),
        "name another file");
    AtomicFile.replacing(target).close();
  }

  /** Writes a PNG; it appears whole or not at all. */
  static void write(List<FrontierPoint> points, Path target) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Quality over the size of the token table")
            .xAxisTitle("bytes of the token table")
            .yAxisTitle("Spearman x 100")
            .build();
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chart.getStyler().setXAxisLogarithmic(true);
    for (int i = 0; i < points.size(); i++) {
      FrontierPoint point = points.get(i);
      double[] bytes = {point.table().bytes()};
      double[] quality = {point.scores().spearman()};
      // Two files in different folders may have the same name, two series may not.
      chart.addSeries((i + 1) + " " + point.name(), bytes, quality);
    }
    byte[] png = ChartEncoder.getBytes(chart, "png");
    try (AtomicFile file = AtomicFile.replacing(target)) {
      ByteBuffer bytes = ByteBuffer.wrap(png);
      while (bytes.hasRemaining()) {
        file.channel().write(bytes);
      }
      file.commit();
    }
  }
}
