package dev.kumiko.bench.report;

import dev.kumiko.tools.chart.SvgCanvas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tables and charts, and what they are of.
 *
 * @param facts where the figures come from
 * @param bars null for no chart
 * @param curves null for none
 */
public record Report(
    String title, List<String> facts, List<Table> tables, Bars bars, Curves curves) {
  /** Returns it for a terminal. */
  public String text() {
    return title
        + "\n\n"
        + facts.stream().map(fact -> "  " + fact + "\n").collect(Collectors.joining())
        + "\n"
        + tables.stream().map(Table::text).collect(Collectors.joining());
  }

  /** Returns it in Markdown, which shows {@code chart.png} and {@code curves.png} if they are. */
  public String markdown() {
    return "# "
        + title
        + "\n\n"
        + facts.stream().map(fact -> "- " + fact + "\n").collect(Collectors.joining())
        + "\n"
        + (bars == null ? "" : "![" + bars.title() + "](chart.png)\n\n")
        + (curves == null ? "" : "![" + curves.title() + "](curves.png)\n\n")
        + tables.stream().map(Table::markdown).collect(Collectors.joining());
  }

  /** Returns it in HTML, in one file, for wide screens and for narrow ones. */
  String html() {
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%1$s</title>
        <style>
        * { box-sizing: border-box; }
        body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
          color: #26323a; background: #f6f3ec; margin: 0 auto; padding: 1.2rem; max-width: 72rem; }
        h1 { font-size: 1.6rem; margin: 0.4rem 0 1rem; }
        h2 { font-size: 1.15rem; margin: 2.2rem 0 0.6rem; }
        ul { list-style: none; margin: 0; padding: 0; font-size: 0.85rem; color: #55626a; }
        li { overflow-wrap: anywhere; margin: 0.15rem 0; }
        .charts { display: grid; gap: 1rem;
          grid-template-columns: repeat(auto-fit, minmax(min(100%%, 22rem), 1fr)); }
        .charts svg { width: 100%%; height: auto; display: block; }
        .scroll { overflow-x: auto; background: #fff; border-radius: 10px; }
        table { border-collapse: collapse; width: 100%%; font-size: 0.85rem;
          font-variant-numeric: tabular-nums; }
        th, td { padding: 0.4rem 0.8rem; text-align: right; white-space: nowrap;
          border-bottom: 1px solid #ece8de; }
        tr:last-child td { border-bottom: 0; }
        th { color: #7b868c; font-weight: 600; }
        th:first-child, td:first-child { text-align: left; position: sticky; left: 0;
          background: #fff; }
        p { color: #55626a; font-size: 0.85rem; max-width: 48rem; }
        @media (max-width: 30rem) { body { padding: 0.7rem; } th, td { padding: 0.35rem 0.5rem; } }
        </style>
        </head>
        <body>
        <h1>%1$s</h1>
        <ul>
        %2$s</ul>
        %3$s%4$s%5$s</body>
        </html>
        """
        .formatted(
            SvgCanvas.escaped(title),
            facts.stream()
                .map(fact -> "<li>" + SvgCanvas.escaped(fact) + "</li>\n")
                .collect(Collectors.joining()),
            bars == null ? "" : charts(bars.title(), bars.axis(), panels(bars)),
            curves == null
                ? ""
                : charts(
                    curves.title(),
                    curves.axis(),
                    curves.panels().stream().map(Curves::svg).toList()),
            tables.stream().map(Table::html).collect(Collectors.joining()));
  }

  private static List<String> panels(Bars bars) {
    return IntStream.range(0, bars.groups().size())
        .mapToObj(group -> Chart.svg(bars, group))
        .toList();
  }

  private static String charts(String title, String axis, List<String> panels) {
    return "<h2>%s: %s</h2>\n<div class=\"charts\">\n%s</div>\n"
        .formatted(SvgCanvas.escaped(title), SvgCanvas.escaped(axis), String.join("", panels));
  }

  /**
   * Writes {@code report.html}, {@code report.md} and {@code report.csv}, and if there is a chart
   * {@code chart.svg} and {@code chart.png}, of curves {@code curves.svg} and {@code curves.png}.
   */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report.md"), markdown());
    Files.writeString(
        folder.resolve("report.csv"),
        tables.stream().map(Table::csv).collect(Collectors.joining()));
    if (bars != null) {
      Files.write(folder.resolve("chart.png"), Chart.png(bars));
      Files.writeString(folder.resolve("chart.svg"), Chart.svg(bars));
    }
    if (curves != null) {
      Files.write(folder.resolve("curves.png"), curves.png());
      Files.writeString(folder.resolve("curves.svg"), curves.svg());
    }
    Files.writeString(folder.resolve("report.html"), html());
  }
}
