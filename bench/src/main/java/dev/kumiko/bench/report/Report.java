package dev.kumiko.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tables and a chart, and what they are of.
 *
 * @param facts where the figures come from
 * @param bars null for no chart
 */
public record Report(String title, List<String> facts, List<Table> tables, Bars bars) {
  /** Returns it for a terminal. */
  public String text() {
    return title
        + "\n\n"
        + facts.stream().map(fact -> "  " + fact + "\n").collect(Collectors.joining())
        + "\n"
        + tables.stream().map(Table::text).collect(Collectors.joining());
  }

  /** Returns it in Markdown, which shows {@code chart.png} if there is a chart. */
  public String markdown() {
    return "# "
        + title
        + "\n\n"
        + facts.stream().map(fact -> "- " + fact + "\n").collect(Collectors.joining())
        + "\n"
        + (bars == null ? "" : "![" + bars.title() + "](chart.png)\n\n")
        + tables.stream().map(Table::markdown).collect(Collectors.joining());
  }

  /**
   * Returns it in HTML, in one file.
   *
   * @param png the chart, or nothing
   */
  String html(byte[] png) {
    String image =
        png.length == 0
            ? ""
            : "<img alt=\"%s\" src=\"data:image/png;base64,%s\">\n"
                .formatted(Table.escaped(bars.title()), Base64.getEncoder().encodeToString(png));
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>%1$s</title>
        <style>
        body { font: 15px sans-serif; margin: 2em auto; max-width: 90em; }
        table { border-collapse: collapse; }
        th, td { border-bottom: 1px solid #ccc; padding: 0.2em 0.8em; text-align: right; }
        th:first-child, td:first-child { text-align: left; }
        img { max-width: 100%%; }
        </style>
        </head>
        <body>
        <h1>%1$s</h1>
        <ul>
        %2$s</ul>
        %3$s%4$s</body>
        </html>
        """
        .formatted(
            Table.escaped(title),
            facts.stream()
                .map(fact -> "<li>" + Table.escaped(fact) + "</li>\n")
                .collect(Collectors.joining()),
            image,
            tables.stream().map(Table::html).collect(Collectors.joining()));
  }

  /** Writes {@code report.md}, {@code report.csv}, {@code chart.png} and {@code report.html}. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report.md"), markdown());
    Files.writeString(
        folder.resolve("report.csv"),
        tables.stream().map(Table::csv).collect(Collectors.joining()));
    byte[] png = bars == null ? new byte[0] : Chart.png(bars);
    if (png.length > 0) {
      Files.write(folder.resolve("chart.png"), png);
    }
    Files.writeString(folder.resolve("report.html"), html(png));
  }
}
