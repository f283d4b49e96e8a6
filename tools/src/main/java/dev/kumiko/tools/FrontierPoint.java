package dev.kumiko.tools;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One model on the frontier.
 *
 * @param model its file
 * @param table how it stores its token table
 * @param error of the table relative to the reference's, if they have the same shape
 * @param scores its quality and speed
 */
record FrontierPoint(Path model, TableFacts table, OptionalDouble error, StsScores scores) {
  /** Returns what the model is called in table and chart. */
  String name() {
    return model.getFileName().toString().replaceFirst("\\.safetensors$", "");
  }

  /** Lays out all points for people, one a line. */
  static String table(List<FrontierPoint> points) {
    int width = "model".length();
    for (FrontierPoint point : points) {
      width = Math.max(width, point.name().length());
    }
    String format = "%-" + width + "s  %-24s  %-4s  %13s  %7s  %6s  %8s  %11s%n";
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            format,
            "model",
            "token table",
            "type",
            "bytes",
            "cut",
            "error",
            "Spearman",
            "sentences/s"));
    for (FrontierPoint point : points) {
      TableFacts facts = point.table();
      table.append(
          String.format(
              Locale.ROOT,
              format,
              point.name(),
              facts.kind(),
              facts.type(),
              String.format(Locale.ROOT, "%,d", facts.bytes()),
              String.format(Locale.ROOT, "%.2f%%", 100 * facts.cut()),
              point.error().isEmpty()
                  ? "-"
                  : String.format(Locale.ROOT, "%.4f", point.error().getAsDouble()),
              String.format(Locale.ROOT, "%.2f", point.scores().spearman()),
              String.format(Locale.ROOT, "%,.0f", point.scores().textsPerSecond())));
    }
    return table.toString();
  }
}
