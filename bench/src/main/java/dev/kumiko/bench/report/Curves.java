package dev.kumiko.bench.report;

import dev.kumiko.tools.chart.Canvas;
import dev.kumiko.tools.chart.ImageCanvas;
import dev.kumiko.tools.chart.LinePanel;
import dev.kumiko.tools.chart.Palette;
import dev.kumiko.tools.chart.SvgCanvas;
import java.io.IOException;
import java.util.List;

/**
 * Curves in panels, one below the other in a picture.
 *
 * @param title what they are of
 * @param axis what goes up, and what the colours mean
 */
public record Curves(String title, String axis, List<LinePanel> panels) {
  private static final double GAP = 16;
  private static final double HEADING = 76;

  /** Copies the panels. */
  public Curves {
    panels = List.copyOf(panels);
  }

  /** Returns a PNG image of all panels. */
  byte[] png() throws IOException {
    ImageCanvas canvas = new ImageCanvas(width(), height());
    draw(canvas);
    return canvas.png();
  }

  /** Returns an SVG of all panels. */
  String svg() {
    SvgCanvas canvas = new SvgCanvas(width(), height(), title);
    draw(canvas);
    return canvas.end();
  }

  /** Returns an SVG of one panel, for a page that arranges them itself. */
  static String svg(LinePanel panel) {
    SvgCanvas canvas = new SvgCanvas(LinePanel.WIDTH, LinePanel.HEIGHT, panel.title());
    panel.draw(canvas, 0, 0);
    return canvas.end();
  }

  private double width() {
    return LinePanel.WIDTH + 2 * GAP;
  }

  private double height() {
    return HEADING + panels.size() * (LinePanel.HEIGHT + GAP);
  }

  private void draw(Canvas canvas) {
    canvas.rectangle(0, 0, width(), height(), 0, Palette.PAPER);
    canvas.text(GAP + 4, 36, title, 18, true, Canvas.Align.LEFT, Palette.INK);
    canvas.text(GAP + 4, 58, axis, 13, false, Canvas.Align.LEFT, Palette.PALE);
    for (int i = 0; i < panels.size(); i++) {
      panels.get(i).draw(canvas, GAP, HEADING + i * (LinePanel.HEIGHT + GAP));
    }
  }
}
