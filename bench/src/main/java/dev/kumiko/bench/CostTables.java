package dev.kumiko.bench;

import dev.kumiko.bench.SizeCosts.Cost;
import dev.kumiko.bench.SizeCosts.Size;
import dev.kumiko.bench.report.Curves;
import dev.kumiko.bench.report.Table;
import dev.kumiko.tools.chart.LinePanel;
import dev.kumiko.tools.chart.LinePanel.Line;
import dev.kumiko.tools.chart.LinePanel.Point;
import dev.kumiko.tools.chart.Palette;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What a token costs, as a table and as curves. */
final class CostTables {
  /** Ends of the straight pieces that the arithmetic's line is drawn of. */
  private static final int PIECES = 32;

  private CostTables() {}

  static Table table(List<Cost> costs) {
    return new Table(
        "What a token costs an encoder, one thread, fp32",
        List.of("layers", "hidden size", "length", "µs/token", "arithmetic, µs", "share"),
        costs.stream()
            .map(
                cost ->
                    List.of(
                        Integer.toString(cost.size().layers()),
                        Integer.toString(cost.size().hidden()),
                        Integer.toString(cost.size().length()),
                        Numbers.plain(cost.micros()),
                        Numbers.plain(cost.least()),
                        Numbers.percent(cost.least() / cost.micros())))
            .toList(),
        "Random weights, for measuring. The arithmetic: 2 x 12 x hidden² operations for the weights"
            + " of each layer and 2 x 2 x length x hidden for its attention, divided by the FMA peak"
            + " measured between the rounds. %,d tokens a pass, best of %d rounds in which all take turns."
                .formatted(SizeCosts.TOKENS, SizeCosts.ROUNDS));
  }

  /** Returns the same as curves. */
  static Curves curves(List<Cost> costs) {
    return new Curves(
        "What a token costs",
        "µs, measured (green), and what the arithmetic takes at the FMA peak (red)",
        List.of(
            panel(
                "Layers",
                "hidden size %d, %d tokens"
                    .formatted(SizeCosts.USUAL.hidden(), SizeCosts.USUAL.length()),
                costs,
                SizeCosts.LAYERS,
                n -> new Size(n, SizeCosts.USUAL.hidden(), SizeCosts.USUAL.length())),
            panel(
                "Hidden size",
                "%d layers, %d tokens"
                    .formatted(SizeCosts.USUAL.layers(), SizeCosts.USUAL.length()),
                costs,
                SizeCosts.WIDTHS,
                n -> new Size(SizeCosts.USUAL.layers(), n, SizeCosts.USUAL.length())),
            panel(
                "Tokens of a text",
                "%d layers, hidden size %d"
                    .formatted(SizeCosts.USUAL.layers(), SizeCosts.USUAL.hidden()),
                costs,
                SizeCosts.LENGTHS,
                n -> new Size(SizeCosts.USUAL.layers(), SizeCosts.USUAL.hidden(), n))));
  }

  private static LinePanel panel(
      String title, String note, List<Cost> costs, List<Integer> values, IntFunction<Size> size) {
    Cost any = costs.getFirst();
    double microsAnOperation = any.least() / any.size().operations();
    int end = values.getLast();
    List<Point> arithmetic =
        IntStream.rangeClosed(0, Math.min(end, PIECES))
            .map(piece -> piece * end / Math.min(end, PIECES))
            .mapToObj(n -> new Point(n, size.apply(n).operations() * microsAnOperation))
            .toList();
    List<Point> measured = new ArrayList<>();
    for (Cost cost : costs) {
      for (int value : values) {
        if (cost.size().equals(size.apply(value))) {
          measured.add(new Point(value, cost.micros()));
        }
      }
    }
    measured.sort(Comparator.comparingDouble(Point::step));
    return new LinePanel(
        title,
        note,
        end,
        List.of(
            new Line(List.of(new Point(0, 0), new Point(end, 0)), 1, false, Palette.PALE),
            new Line(arithmetic, 2, false, Palette.RUST),
            new Line(measured, 2.4, true, Palette.TEAL)));
  }
}
