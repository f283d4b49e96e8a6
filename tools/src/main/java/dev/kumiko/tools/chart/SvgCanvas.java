package dev.kumiko.tools.chart;

import java.util.Locale;

/** Draws into an SVG, which scales to the width that it is given. */
public final class SvgCanvas implements Canvas {
  private final StringBuilder svg = new StringBuilder();

  /**
   * Begins a drawing of so many pixels at its natural size.
   *
   * @param width in pixels
   * @param height in pixels
   * @param title what screen readers say
   */
  public SvgCanvas(double width, double height, String title) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\""
            + " font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif\">%n",
        width, height);
    svg.append("<title>").append(escaped(title)).append("</title>\n");
  }

  @Override
  public void rectangle(
      double x, double y, double width, double height, double radius, String colour) {
    add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\" fill=\"%s\"/>%n",
        x, y, width, height, radius, colour);
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, double width, String colour) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke-width=\"%.1f\""
            + " stroke=\"%s\"/>%n",
        x1, y1, x2, y2, width, colour);
  }

  @Override
  public void path(double[] x, double[] y, double width, String colour) {
    svg.append("<polyline fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\"");
    add(" stroke-width=\"%.1f\" stroke=\"%s\" points=\"", width, colour);
    for (int i = 0; i < x.length; i++) {
      add(i == 0 ? "%.1f,%.1f" : " %.1f,%.1f", x[i], y[i]);
    }
    svg.append("\"/>\n");
  }

  @Override
  public void circle(double x, double y, double radius, String colour) {
    add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>%n", x, y, radius, colour);
  }

  @Override
  public void text(
      double x, double y, String text, int size, boolean bold, Align align, String colour) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" font-weight=\"%d\" text-anchor=\"%s\""
            + " fill=\"%s\">%s</text>%n",
        x, y, size, bold ? 600 : 400, align == Align.LEFT ? "start" : "end", colour, escaped(text));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
  }

  /** {@return the SVG; nothing may be drawn afterwards} */
  public String end() {
    return svg.append("</svg>\n").toString();
  }

  /**
   * {@return a text as it stands in XML and HTML}
   *
   * @param text any text
   */
  public static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
