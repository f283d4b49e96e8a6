package dev.kumiko.bench.report;

import dev.kumiko.tools.chart.SvgCanvas;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of a report.
 *
 * @param note what a reader has to know, or nothing
 */
public record Table(String title, List<String> header, List<List<String>> rows, String note) {
  /** Checks that every row has as many cells as the header. */
  public Table {
    for (List<String> row : rows) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(
            "%s: %d cells under %d columns: %s".formatted(title, row.size(), header.size(), row));
      }
    }
  }

  /** Returns it for a terminal: the first column to the left, the others to the right. */
  public String text() {
    int[] widths =
        IntStream.range(0, header.size())
            .map(c -> Math.max(header.get(c).length(), widest(c)))
            .toArray();
    StringBuilder out = new StringBuilder(title).append("\n\n").append(line(header, widths));
    rows.forEach(row -> out.append(line(row, widths)));
    return out.append(note.isEmpty() ? "" : note + "\n").append('\n').toString();
  }

  private int widest(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder("  ");
    for (int c = 0; c < widths.length; c++) {
      String space = " ".repeat(widths[c] - cells.get(c).length());
      line.append(c == 0 ? cells.get(c) + space : "  " + space + cells.get(c));
    }
    return line.toString().stripTrailing() + "\n";
  }

  /** Returns it in Markdown. */
  public String markdown() {
    StringBuilder out = new StringBuilder("## ").append(title).append("\n\n");
    out.append(markdown(header));
    out.append("|---").append("|--:".repeat(header.size() - 1)).append("|\n");
    rows.forEach(row -> out.append(markdown(row)));
    return out.append(note.isEmpty() ? "" : "\n" + note + "\n").append('\n').toString();
  }

  private static String markdown(List<String> cells) {
    return cells.stream()
            .map(cell -> cell.replace("|", "\\|"))
            .collect(Collectors.joining(" | ", "| ", " |"))
        + "\n";
  }

  /** Returns it as comma-separated values (RFC 4180), the title in the first column. */
  public String csv() {
    StringBuilder out = new StringBuilder(csv("table", header));
    rows.forEach(row -> out.append(csv(title, row)));
    return out.append("\r\n").toString();
  }

  private static String csv(String first, List<String> cells) {
    return quoted(first)
        + cells.stream().map(cell -> "," + quoted(cell)).collect(Collectors.joining())
        + "\r\n";
  }

  private static String quoted(String cell) {
    return cell.matches("(?s).*[\",\r\n].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }

  /** Returns it in HTML. */
  public String html() {
    StringBuilder out =
        new StringBuilder("<h2>")
            .append(SvgCanvas.escaped(title))
            .append("</h2>\n<div class=\"scroll\" tabindex=\"0\">\n<table>\n");
    out.append(html(header, "th"));
    rows.forEach(row -> out.append(html(row, "td")));
    return out.append("</table>\n</div>\n<p>")
        .append(SvgCanvas.escaped(note))
        .append("</p>\n")
        .toString();
  }

  private static String html(List<String> cells, String tag) {
    return cells.stream()
        .map(cell -> "<" + tag + ">" + SvgCanvas.escaped(cell) + "</" + tag + ">")
        .collect(Collectors.joining("", "<tr>", "</tr>\n"));
  }
}
