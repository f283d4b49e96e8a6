package dev.kumiko.tools.chart;

/** What a chart is drawn on; lengths are in pixels, colours as in CSS: {@code #rrggbb}. */
public interface Canvas {
  /** Where a text's x is. */
  enum Align {
    LEFT,
    RIGHT
  }

  /** Fills a rectangle with round corners. */
  void rectangle(double x, double y, double width, double height, double radius, String colour);

  /** Draws a line. */
  void line(double x1, double y1, double x2, double y2, double width, String colour);

  /** Draws lines from point to point, with round corners. */
  void path(double[] x, double[] y, double width, String colour);

  /** Fills a circle. */
  void circle(double x, double y, double radius, String colour);

  /** Writes a text; y is its base line. */
  void text(double x, double y, String text, int size, boolean bold, Align align, String colour);
}
