package dev.kumiko.bench.report;

import dev.kumiko.tools.chart.Canvas;
import dev.kumiko.tools.chart.ImageCanvas;
import dev.kumiko.tools.chart.Palette;
import dev.kumiko.tools.chart.SvgCanvas;
import java.io.IOException;
import java.util.Locale;

/**
 * Draws bars: a panel for each group, in each of them all series in the same order and colour, with
 * error bars. A panel has a scale of its own, which begins at 0.
 */
public final class Chart {
  private static final double WIDTH = 520;
  private static final double GAP = 16;
  private static final double PADDING = 18;
  private static final double TITLE = 44;
  private static final double ROW = 26;
  private static final double BAR = 16;
  private static final double LABELS = 186;
  private static final double VALUES = 96;
  private static final int COLUMNS = 2;

  private Chart() {}

  /** Returns a PNG image of all panels. */
  public static byte[] png(Bars bars) throws IOException {
    ImageCanvas canvas = new ImageCanvas(width(bars), height(bars));
    drawAll(canvas, bars);
    return canvas.png();
  }

  /** Returns an SVG of all panels. */
  public static String svg(Bars bars) {
    SvgCanvas canvas = new SvgCanvas(width(bars), height(bars), bars.title());
    drawAll(canvas, bars);
    return canvas.end();
  }

  /** Returns an SVG of the panel of one group, for a page that arranges them itself. */
  static String svg(Bars bars, int group) {
    SvgCanvas canvas = new SvgCanvas(WIDTH, panelHeight(bars), bars.groups().get(group));
    drawPanel(canvas, bars, group, 0, 0);
    return canvas.end();
  }

  private static int columns(Bars bars) {
    return Math.min(COLUMNS, bars.groups().size());
  }

  private static double width(Bars bars) {
    return GAP + columns(bars) * (WIDTH + GAP);
  }

  private static double height(Bars bars) {
    int lines = Math.ceilDiv(bars.groups().size(), columns(bars));
    return TITLE + PADDING + lines * (panelHeight(bars) + GAP);
  }

  private static double panelHeight(Bars bars) {
    return TITLE + bars.series().size() * ROW + PADDING / 2;
  }

  private static void drawAll(Canvas canvas, Bars bars) {
    canvas.rectangle(0, 0, width(bars), height(bars), 0, Palette.PAPER);
    canvas.text(GAP + PADDING, 36, bars.title(), 20, true, Canvas.Align.LEFT, Palette.INK);
    canvas.text(
        width(bars) - GAP - PADDING, 36, bars.axis(), 13, false, Canvas.Align.RIGHT, Palette.PALE);
    for (int group = 0; group < bars.groups().size(); group++) {
      int line = group / columns(bars);
      int column = group % columns(bars);
      double x = GAP + column * (WIDTH + GAP);
      double y = TITLE + PADDING + line * (panelHeight(bars) + GAP);
      drawPanel(canvas, bars, group, x, y);
    }
  }

  private static void drawPanel(Canvas canvas, Bars bars, int group, double x, double y) {
    canvas.rectangle(x, y, WIDTH, panelHeight(bars), 10, Palette.CARD);
    canvas.text(
        x + PADDING, y + 29, bars.groups().get(group), 15, true, Canvas.Align.LEFT, Palette.INK);
    double room = WIDTH - LABELS - VALUES - PADDING;
    double scale = room / longest(bars, group);
    double left = x + LABELS;
    double top = y + TITLE;
    for (Bars.Series series : bars.series()) {
      double value = series.values().get(group);
      double middle = top + BAR / 2;
      boolean there = !Double.isNaN(value);
      canvas.text(
          left - 10,
          middle + 4.5,
          series.name(),
          13,
          false,
          Canvas.Align.RIGHT,
          there ? Palette.INK : Palette.PALE);
      canvas.rectangle(left, top, room, BAR, 4, Palette.TRACK);
      if (there) {
        canvas.rectangle(left, top, Math.max(2, value * scale), BAR, 4, series.colour());
        drawError(canvas, left + value * scale, series.errors().get(group) * scale, middle);
      }
      canvas.text(
          x + WIDTH - PADDING,
          middle + 4.5,
          there ? String.format(Locale.ROOT, "%,.0f", value) : "not measured",
          13,
          there,
          Canvas.Align.RIGHT,
          there ? Palette.INK : Palette.PALE);
      top += ROW;
    }
  }

  private static void drawError(Canvas canvas, double x, double half, double middle) {
    if (!(half > 0)) {
      return;
    }
    canvas.line(x - half, middle, x + half, middle, 1.5, Palette.INK);
    canvas.line(x - half, middle - 4, x - half, middle + 4, 1.5, Palette.INK);
    canvas.line(x + half, middle - 4, x + half, middle + 4, 1.5, Palette.INK);
  }

  /** The largest value with its error, which takes all the room. */
  private static double longest(Bars bars, int group) {
    double longest = Double.MIN_NORMAL;
    for (Bars.Series series : bars.series()) {
      double value = series.values().get(group);
      double error = series.errors().get(group);
      if (!Double.isNaN(value)) {
        longest = Math.max(longest, value + (Double.isNaN(error) ? 0 : error));
      }
    }
    return longest;
  }
}
