package dev.kumiko.tools;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
    try (TemporaryFile file = TemporaryFile.beside(target)) {
      FileChannel channel = file.channel();
      ByteBuffer bytes = ByteBuffer.wrap(png);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      file.moveTo(target);
    }
  }
}
