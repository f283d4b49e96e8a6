package dev.kumiko.bench.report;

import java.util.Locale;

/** Draws into an SVG, which scales to the width that it is given. */
final class SvgCanvas implements Canvas {
  private final StringBuilder svg = new StringBuilder();

  SvgCanvas(double width, double height, String title) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\""
            + " font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif\">%n",
        width, height);
    svg.append("<title>").append(Table.escaped(title)).append("</title>\n");
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
  public void text(
      double x, double y, String text, int size, boolean bold, Align align, String colour) {
    add(
        "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" font-weight=\"%d\" text-anchor=\"%s\""
            + " fill=\"%s\">%s</text>%n",
        x,
        y,
        size,
        bold ? 600 : 400,
        align == Align.LEFT ? "start" : "end",
        colour,
        Table.escaped(text));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
  }

  /** Returns the SVG; nothing may be drawn afterwards. */
  String end() {
    return svg.append("</svg>\n").toString();
  }
}
