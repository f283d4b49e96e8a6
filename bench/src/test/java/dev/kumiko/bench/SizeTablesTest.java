package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.bench.SizeCosts.Cost;
import dev.kumiko.bench.SizeCosts.Size;
import dev.kumiko.bench.SizeRates.Run;
import dev.kumiko.bench.report.Curves;
import dev.kumiko.bench.report.Table;
import dev.kumiko.tools.chart.LinePanel.Line;
import dev.kumiko.tools.chart.LinePanel.Point;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SizeTablesTest {
  private static final EngineKind ONNX = EngineKind.ONNXRUNTIME_FP32_BATCHED;

  @Test
  void theBestRoundCountsAndRatiosAreOfTheSameBatch() {
    Map<Run, double[]> millis = new HashMap<>();
    millis.put(new Run(EngineKind.KUMIKO_FP32, "lealla-small", 256), new double[] {900, 800, 999});
    millis.put(new Run(ONNX, "lealla-small", 256), new double[] {1000, 1200});
    // A quarter of the texts in a turn.
    millis.put(new Run(EngineKind.KUMIKO_FP32, "labse", 256), new double[] {2000, 1800});
    List<Table> tables = new SizeRates(millis).tables();
    assertEquals(
        List.of("lealla-small", "256", "10,240", "-", "8,192", "1.25", "below 1.30"),
        tables.get(0).rows().get(4));
    assertEquals(
        List.of("lealla-small", "256", "9.00", "met 8.00", "-", ""), tables.get(1).rows().get(4));
  }

  @Test
  void operationsAreThoseOfWeightsAndAttention() {
    // Per layer: 4 maps of 8 x 8, 2 of 8 x 32, and 5 keys and 5 values of 8.
    assertEquals(3 * 2 * (4 * 64 + 2 * 256 + 2 * 5 * 8), new Size(3, 8, 5).operations());
    Cost cost = new Cost(new Size(6, 256, 32), 12.5, 8);
    assertEquals(cost, Cost.parse(cost.toString()));
  }

  @Test
  void arithmeticIsALineBesideThePoints() {
    double microsAnOperation = 1e-5;
    List<Cost> costs = new ArrayList<>();
    for (int layers : new int[] {24, 3, 6, 12}) {
      Size size = new Size(layers, 256, 32);
      costs.add(new Cost(size, layers, size.operations() * microsAnOperation));
    }
    Curves curves = CostTables.curves(costs);
    assertEquals(3, curves.panels().size());
    List<Line> lines = curves.panels().getFirst().lines();
    List<Point> arithmetic = lines.get(1).points();
    assertEquals(new Point(0, 0), arithmetic.getFirst());
    assertEquals(
        new Size(24, 256, 32).operations() * microsAnOperation, arithmetic.getLast().value(), 1e-9);
    assertEquals(
        List.of(new Point(3, 3), new Point(6, 6), new Point(12, 12), new Point(24, 24)),
        lines.get(2).points());
    assertEquals(List.of(new Point(32, 6)), curves.panels().get(2).lines().get(2).points());
  }
}
