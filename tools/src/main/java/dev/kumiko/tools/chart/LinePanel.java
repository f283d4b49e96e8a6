package dev.kumiko.tools.chart;

import java.util.List;

/**
 * Curves over steps with a title, a note at the right and axes whose numbers are round.
 *
 * @param title what is drawn
 * @param note the last value, for instance
 * @param steps the right end of the axis, 1 or more
 * @param lines the curves, the first one below the others
 */
public record LinePanel(String title, String note, double steps, List<Line> lines) {
  /** Width of a panel in pixels. */
  public static final double WIDTH = 520;

  /** Height of a panel in pixels. */
  public static final double HEIGHT = 262;

  private static final double LEFT = 70;
  private static final double RIGHT = WIDTH - 24;
  private static final double TOP = 58;
  private static final double BOTTOM = HEIGHT - 38;

  /**
   * A value after so many steps.
   *
   * @param step the place on the horizontal axis
   * @param value the height
   */
  public record Point(double step, double value) {}

  /**
   * A curve.
   *
   * @param points by ascending steps; all values are finite
   * @param width in pixels
   * @param marks whether each point has a dot
   * @param colour as in CSS
   */
  public record Line(List<Point> points, double width, boolean marks, String colour) {
    /** Keeps a copy of the points. */
    public Line {
      points = List.copyOf(points);
    }
  }

  /**
   * Draws it with its upper left corner there.
   *
   * @param canvas what is drawn on
   * @param left pixels from the left
   * @param top pixels from the top
   */
  public void draw(Canvas canvas, double left, double top) {
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    for (Line line : lines) {
      for (Point point : line.points()) {
        lowest = Math.min(lowest, point.value());
        highest = Math.max(highest, point.value());
      }
    }
    canvas.rectangle(left, top, WIDTH, HEIGHT, 10, Palette.CARD);
    canvas.text(left + 20, top + 32, title, 17, true, Canvas.Align.LEFT, Palette.INK);
    canvas.text(left + RIGHT, top + 32, note, 15, false, Canvas.Align.RIGHT, Palette.PALE);
    Axis y = Axis.around(lowest, highest);
    for (double tick : y.ticks()) {
      double at = top + place(y, tick, BOTTOM, TOP);
      canvas.line(left + LEFT, at, left + RIGHT, at, 1, Palette.TRACK);
      canvas.text(
          left + LEFT - 10, at + 5, y.label(tick), 14, false, Canvas.Align.RIGHT, Palette.PALE);
    }
    Axis x = Axis.of(0, steps);
    for (double tick : x.ticks()) {
      double at = left + place(x, tick, LEFT, RIGHT);
      boolean last = at > left + RIGHT - 20;
      canvas.text(
          last ? left + RIGHT : at - 4,
          top + BOTTOM + 24,
          x.label(tick),
          14,
          false,
          last ? Canvas.Align.RIGHT : Canvas.Align.LEFT,
          Palette.PALE);
    }
    for (Line line : lines) {
      draw(canvas, line, x, y, left, top);
    }
  }

  /**
   * {@return a small number as it stands beside an axis, such as 1.5e-5}
   *
   * @param value any finite number
   */
  public static String scientific(double value) {
    return value == 0 ? "0" : Axis.scientific(value, 1);
  }

  private static void draw(Canvas canvas, Line line, Axis x, Axis y, double left, double top) {
    List<Point> points = line.points();
    double[] across = new double[points.size()];
    double[] down = new double[points.size()];
    for (int i = 0; i < across.length; i++) {
      across[i] = left + place(x, points.get(i).step(), LEFT, RIGHT);
      down[i] = top + place(y, points.get(i).value(), BOTTOM, TOP);
    }
    if (across.length > 1) {
      canvas.path(across, down, line.width(), line.colour());
    }
    if (line.marks() || across.length == 1) {
      for (int i = 0; i < across.length; i++) {
        canvas.circle(across[i], down[i], 1.5 + line.width(), line.colour());
      }
    }
  }

  private static double place(Axis axis, double value, double from, double to) {
    return from + (value - axis.low()) / (axis.high() - axis.low()) * (to - from);
  }
}
