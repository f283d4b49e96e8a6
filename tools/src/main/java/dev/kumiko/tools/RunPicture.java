package dev.kumiko.tools;

import dev.kumiko.tools.chart.Canvas;
import dev.kumiko.tools.chart.ImageCanvas;
import dev.kumiko.tools.chart.LinePanel;
import dev.kumiko.tools.chart.LinePanel.Line;
import dev.kumiko.tools.chart.LinePanel.Point;
import dev.kumiko.tools.chart.Palette;
import dev.kumiko.tools.chart.SvgCanvas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Loss, scores and learning rate of a run over its steps, as an image and as a page. */
final class RunPicture {
  private static final double GAP = 16;
  private static final double HEADING = 58;

  private final String name;
  private final RunCurve loss = new RunCurve();
  private final RunCurve rate = new RunCurve();
  private final RunCurve scores = new RunCurve();
  private String score = "score";
  private double first = Double.NaN;
  private double best = Double.NaN;
  private long done;
  private long steps;

  RunPicture(String name) {
    this.name = name;
  }

  void step(long step, double lossOfStep, double rateOfStep) {
    loss.add(step, lossOfStep);
    rate.add(step, rateOfStep);
    done = step;
  }

  void score(long step, String called, double value) {
    score = called;
    first = step == 0 ? value : first;
    best = step > 0 && !(best >= value) ? value : best;
    scores.add(step, value);
  }

  void steps(long all) {
    steps = all;
  }

  boolean isEmpty() {
    return loss.isEmpty() && scores.isEmpty();
  }

  private String heading() {
    return String.format(Locale.ROOT, "%s: step %,d of %,d", name, done, Math.max(done, steps));
  }

  private List<LinePanel> panels() {
    double end = Math.max(1, Math.max(done, steps));
    List<LinePanel> panels = new ArrayList<>();
    if (!loss.isEmpty()) {
      List<Point> smooth = loss.smooth();
      panels.add(
          new LinePanel(
              "Loss",
              String.format(Locale.ROOT, "%.4g", smooth.getLast().value()),
              end,
              List.of(
                  new Line(loss.points(), 1.2, false, Palette.PALE_TEAL),
                  new Line(smooth, 2.4, false, Palette.TEAL))));
    }
    if (!scores.isEmpty()) {
      panels.add(
          new LinePanel(
              score,
              scoreNote(),
              end,
              List.of(new Line(scores.points(), 2.4, true, Palette.RUST))));
    }
    if (!rate.isEmpty()) {
      panels.add(
          new LinePanel(
              "Learning rate",
              LinePanel.scientific(rate.last()),
              end,
              List.of(new Line(rate.points(), 2.4, false, Palette.VIOLET))));
    }
    return panels;
  }

  private String scoreNote() {
    String before = Double.isNaN(first) ? "" : String.format(Locale.ROOT, "%.2f before", first);
    return Double.isNaN(best)
        ? before
        : String.format(Locale.ROOT, "%.2f at best%s", best, before.isEmpty() ? "" : ", " + before);
  }

  /** Returns all panels, one below the other, as PNG. */
  byte[] png() throws IOException {
    List<LinePanel> panels = panels();
    double width = LinePanel.WIDTH + 2 * GAP;
    double height = HEADING + panels.size() * (LinePanel.HEIGHT + GAP);
    ImageCanvas canvas = new ImageCanvas(width, height);
    canvas.rectangle(0, 0, width, height, 0, Palette.PAPER);
    canvas.text(GAP + 4, 38, heading(), 18, true, Canvas.Align.LEFT, Palette.INK);
    for (int i = 0; i < panels.size(); i++) {
      panels.get(i).draw(canvas, GAP, HEADING + i * (LinePanel.HEIGHT + GAP));
    }
    return canvas.png();
  }

  /** Returns a page in one file, for wide screens and for narrow ones. */
  String html() {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%1$s</title>
        <style>
        body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
          color: %3$s; background: %4$s; margin: 0 auto; padding: 0.8rem; max-width: 72rem; }
        h1 { font-size: 1.3rem; margin: 0.4rem 0.2rem 1rem; overflow-wrap: anywhere; }
        .charts { display: grid; gap: 1rem;
          grid-template-columns: repeat(auto-fit, minmax(min(100%%, 24rem), 1fr)); }
        svg { width: 100%%; height: auto; display: block; }
        </style>
        </head>
        <body>
        <h1>%1$s</h1>
        <div class="charts">
        %2$s</div>
        </body>
        </html>
        """
        .formatted(
            SvgCanvas.escaped(heading()),
            panels().stream().map(RunPicture::svg).collect(Collectors.joining()),
            Palette.INK,
            Palette.PAPER);
  }

  private static String svg(LinePanel panel) {
    SvgCanvas canvas = new SvgCanvas(LinePanel.WIDTH, LinePanel.HEIGHT, panel.title());
    panel.draw(canvas, 0, 0);
    return canvas.end();
  }
}
