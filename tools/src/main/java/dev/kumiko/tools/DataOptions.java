package dev.kumiko.tools;

import dev.kumiko.train.data.Column;
import dev.kumiko.train.data.Columns;
import dev.kumiko.train.data.DataFile;
import dev.kumiko.train.data.Example;
import dev.kumiko.train.data.FileFormat;
import dev.kumiko.train.data.Mixing;
import dev.kumiko.train.data.ScoreScale;
import dev.kumiko.train.evaluate.ClassEvaluator;
import dev.kumiko.train.evaluate.Evaluator;
import dev.kumiko.train.evaluate.ScoreEvaluator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a model learns from. */
final class DataOptions {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "CSV, TSV or JSON lines by their names' ends; may be given several times. A batch is of one file.")
  private List<Path> files;

  @Option(
      names = "--columns",
      paramLabel = "COLUMN",
      split = ",",
      description = {
        "The texts of a line: anchor, positive, negatives, or two texts to compare.",
        "Names of a header, or positions from 1. Default: the first two columns, no header;",
        "the only one of plain text."
      })
  private List<String> texts = List.of();

  @Option(
      names = "--score",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "The column of the scores, or a teacher's scores; default: behind the texts, where the loss needs scores.")
  private List<String> scores = List.of();

  @Option(
      names = "--score-range",
      paramLabel = "LOW,HIGH",
      split = ",",
      description = "Scores go from LOW to HIGH, and become 0 to 1.")
  private List<Double> range = List.of();

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "The column of the classes, numbers from 0 or one of --classes.")
  private String label;

  @Option(
      names = "--classes",
      paramLabel = "NAME",
      split = ",",
      description = "The names of the classes in the order of their numbers.")
  private List<String> classes = List.of();

  @Option(
      names = "--skip-bad-lines",
      description = "Count bad lines and go on instead of ending with the first one.")
  private boolean skipsBadLines;

  @Option(
      names = "--mixing",
      paramLabel = "HOW",
      defaultValue = "proportional",
      description =
          "Several files: proportional (all of each, at random) or round-robin (in turn, as long as the smallest).")
  private Mixing mixing;

  Mixing mixing() {
    return mixing;
  }

  /**
   * Opens all files, whose lines are checked.
   *
   * @param count number of texts of a line if nothing is said
   * @param labels number of scores or classes behind them if nothing is said
   */
  DataFiles open(int count, int labels, Streams streams) throws IOException {
    return DataFiles.open(files, file -> columns(file, count, labels), skipsBadLines, streams);
  }

  /** Reads what a classifier or reranker is evaluated on, a file with the columns of the data. */
  Evaluator evaluator(Path file, LossOptions.Kind kind) throws IOException {
    Columns columns = columns(file, kind.texts(), kind.labels());
    List<List<String>> lines = new ArrayList<>();
    List<Double> found = new ArrayList<>();
    try (DataFile data = DataFile.open(file, FileFormat.of(file), columns, false)) {
      for (int i = 0; i < data.size(); i++) {
        Example example = data.example(i);
        lines.add(example.texts());
        found.addAll(example.labels());
      }
    }
    boolean classes =
        kind == LossOptions.Kind.CROSS_ENTROPY || found.stream().allMatch(y -> y == 0 || y == 1);
    try {
      return classes
          ? new ClassEvaluator(lines, found.stream().mapToInt(Double::intValue).toArray())
          : new ScoreEvaluator(lines, found.stream().mapToDouble(Double::doubleValue).toArray());
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("%s: %s".formatted(file, e.getMessage()));
    }
  }

  private Columns columns(Path file, int count, int labels) {
    try {
      Columns columns = texts(file, texts, count);
      if (label != null) {
        return columns.withCategory(column(label), classes);
      }
      if (scores.isEmpty() && labels == 0) {
        return columns;
      }
      return columns.withScores(
          scores.isEmpty()
              ? columns.next(labels)
              : scores.stream().map(DataOptions::column).toList(),
          scale());
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  /**
   * Returns the columns of texts.
   *
   * @param named those that were asked for
   * @param first without them so many, of plain text the only one
   */
  static Columns texts(Path file, List<String> named, int first) {
    if (named.isEmpty()) {
      return Columns.first(FileFormat.of(file) == FileFormat.TEXT ? 1 : first);
    }
    return Columns.texts(named.stream().map(DataOptions::column).toList());
  }

  private ScoreScale scale() {
    if (range.isEmpty()) {
      return ScoreScale.NONE;
    }
    if (range.size() != 2) {
      throw new UsageException(
          "--score-range takes two numbers, such as 0,5, not %d".formatted(range.size()));
    }
    return ScoreScale.given(range.getFirst(), range.getLast());
  }

  private static Column column(String name) {
    boolean isPosition = !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
    try {
      return isPosition ? Column.at(Integer.parseInt(name)) : Column.named(name);
    } catch (NumberFormatException e) {
      throw new UsageException("there is no column " + name);
    }
  }
}
