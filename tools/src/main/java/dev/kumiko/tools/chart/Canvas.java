package dev.kumiko.tools.chart;

/** What a chart is drawn on; lengths are in pixels, colours as in CSS: {@code #rrggbb}. */
public interface Canvas {
  /** Where a text's x is. */
  enum Align {
    /** At its left end. */
    LEFT,
    /** At its right end. */
    RIGHT
  }

  /**
   * Fills a rectangle with round corners.
   *
   * @param x pixels from the left
   * @param y pixels from the top
   * @param width in pixels
   * @param height in pixels
   * @param radius in pixels
   * @param colour as in CSS: {@code #} and six hexadecimal digits
   */
  void rectangle(double x, double y, double width, double height, double radius, String colour);

  /**
   * Draws a line.
   *
   * @param x1 where it begins, from the left
   * @param y1 where it begins, from the top
   * @param x2 where it ends, from the left
   * @param y2 where it ends, from the top
   * @param width in pixels
   * @param colour as in CSS: {@code #} and six hexadecimal digits
   */
  void line(double x1, double y1, double x2, double y2, double width, String colour);

  /**
   * Draws lines from point to point, with round corners.
   *
   * @param x pixels from the left, one for each point
   * @param y pixels from the top, one for each point
   * @param width in pixels
   * @param colour as in CSS: {@code #} and six hexadecimal digits
   */
  void path(double[] x, double[] y, double width, String colour);

  /**
   * Fills a circle.
   *
   * @param x pixels from the left
   * @param y pixels from the top
   * @param radius in pixels
   * @param colour as in CSS: {@code #} and six hexadecimal digits
   */
  void circle(double x, double y, double radius, String colour);

  /**
   * Writes a text; y is its base line.
   *
   * @param x pixels from the left
   * @param y pixels from the top
   * @param text one line
   * @param size of the letters in pixels
   * @param bold whether the letters are bold
   * @param align which end of the text is at {@code x}
   * @param colour as in CSS: {@code #} and six hexadecimal digits
   */
  void text(double x, double y, String text, int size, boolean bold, Align align, String colour);
}
