package dev.kumiko.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.tools.chart.LinePanel;
import dev.kumiko.tools.chart.LinePanel.Line;
import dev.kumiko.tools.chart.LinePanel.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Table TABLE =
      new Table(
          "Beams & rafters",
          List.of("wood", "length"),
          List.of(List.of("ash, \"grey\"", "7"), List.of("a|b", "1,024")),
          "In feet.");

  private static final Bars BARS =
      new Bars(
          "Lengths",
          "feet",
          List.of("short", "long"),
          List.of(
              new Bars.Series("ash", "#112233", List.of(7.0, Double.NaN), List.of(1.0, Double.NaN)),
              new Bars.Series("oak", "#445566", List.of(5.0, 9.0), List.of(1.0, 2.0))));

  @Test
  void text() {
    assertEquals(
        """
        Beams & rafters

          wood         length
          ash, "grey"       7
          a|b           1,024
        In feet.

        """,
        TABLE.text());
  }

  @Test
  void markdown() {
    assertEquals(
        """
        ## Beams & rafters

        | wood | length |
        |---|--:|
        | ash, "grey" | 7 |
        | a\\|b | 1,024 |

        In feet.

        """,
        TABLE.markdown());
  }

  @Test
  void commaSeparatedValues() {
    assertEquals(
        "table,wood,length\r\n"
            + "Beams & rafters,\"ash, \"\"grey\"\"\",7\r\n"
            + "Beams & rafters,a|b,\"1,024\"\r\n\r\n",
        TABLE.csv());
  }

  @Test
  void html() {
    String html = TABLE.html();
    assertTrue(
        html.startsWith(
            "<h2>Beams &amp; rafters</h2>\n<div class=\"scroll\" tabindex=\"0\">\n<table>\n"),
        html);
    assertTrue(html.contains("<td>a|b</td><td>1,024</td></tr>"), html);
  }

  @Test
  void everyRowHasAllCells() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Table("t", List.of("a", "b"), List.of(List.of("1")), ""));
    assertEquals("t: 1 cells under 2 columns: [1]", e.getMessage());
  }

  @Test
  void writesFourFiles(@TempDir Path folder) throws IOException {
    new Report("Wood", List.of("Saw: sharp"), List.of(TABLE), BARS, null)
        .write(folder.resolve("a/b"));
    Path written = folder.resolve("a/b");
    BufferedImage image = ImageIO.read(written.resolve("chart.png").toFile());
    assertTrue(image.getWidth() > 1000, "a chart has room");
    String html = Files.readString(written.resolve("report.html"));
    assertEquals(3, html.split("<svg ", -1).length, "a panel for each group is in the page");
    assertTrue(html.contains("<meta name=\"viewport\""), "phones are told");
    String svg = Files.readString(written.resolve("chart.svg"));
    assertEquals(4, svg.split("#112233|#445566", -1).length, "a bar for each value: 3");
    assertEquals(2, svg.split("not measured", -1).length, "one has none");
    assertEquals(10, svg.split("<line ", -1).length, "three lines for each error bar");
    assertTrue(html.contains("<li>Saw: sharp</li>"), "facts are in the page");
    assertTrue(Files.readString(written.resolve("report.md")).contains("![Lengths](chart.png)"));
    assertTrue(Files.readString(written.resolve("report.csv")).startsWith("table,wood"));
  }

  @Test
  void doesWithoutAChart(@TempDir Path folder) throws IOException {
    new Report("Wood", List.of(), List.of(TABLE), null, null).write(folder);
    assertFalse(Files.exists(folder.resolve("chart.png")));
    assertFalse(Files.readString(folder.resolve("report.html")).contains("<svg"));
  }

  @Test
  void curvesAreInThePageAndBesideIt(@TempDir Path folder) throws IOException {
    Line line = new Line(List.of(new Point(0, 0), new Point(4, 8)), 2, true, "#112233");
    LinePanel panel = new LinePanel("Span & height", "", 4, List.of(line));
    Curves curves = new Curves("Curves", "feet", List.of(panel, panel));
    new Report("Wood", List.of(), List.of(TABLE), null, curves).write(folder);
    String html = Files.readString(folder.resolve("report.html"));
    assertTrue(html.contains("<h2>Curves: feet</h2>"), html);
    assertEquals(3, html.split("<title>Span &amp; height</title>", -1).length, "a panel each");
    assertTrue(Files.readString(folder.resolve("report.md")).contains("![Curves](curves.png)"));
    String svg = Files.readString(folder.resolve("curves.svg"));
    assertEquals(5, svg.split("<circle ", -1).length, "two points of two panels");
    BufferedImage image = ImageIO.read(folder.resolve("curves.png").toFile());
    assertTrue(image.getHeight() > 2 * LinePanel.HEIGHT, "one below the other");
    assertFalse(Files.exists(folder.resolve("chart.png")));
  }
}
