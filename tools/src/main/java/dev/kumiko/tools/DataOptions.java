package dev.kumiko.tools;

import dev.kumiko.train.data.Column;
import dev.kumiko.train.data.Columns;
import dev.kumiko.train.data.DataFile;
import dev.kumiko.train.data.FileFormat;
import dev.kumiko.train.data.Mixing;
import dev.kumiko.train.data.ScoreScale;
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
        "Names of a header, or positions from 1. Default: the first two columns, no header."
      })
  private List<String> texts = List.of("1", "2");

  @Option(
      names = "--score",
      paramLabel = "COLUMN",
      description = "The column of the scores; default the third one, where the loss needs scores.")
  private String score;

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

  /** Opens all files, whose lines are checked; the caller closes them. */
  List<DataFile> open(boolean needsScores, Streams streams) throws IOException {
    Columns columns = columns(needsScores);
    List<DataFile> opened = new ArrayList<>();
    try {
      for (Path file : files) {
        DataFile data = DataFile.open(file, FileFormat.of(file), columns, skipsBadLines);
        opened.add(data);
        if (data.badLines() > 0) {
          streams.say(
              "%s: %,d bad lines left out; the first: %s"
                  .formatted(file, data.badLines(), data.firstBadLine()));
        }
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      for (DataFile file : opened) {
        file.close();
      }
      throw e;
    }
  }

  private Columns columns(boolean needsScores) {
    try {
      Columns columns = Columns.texts(texts.stream().map(DataOptions::column).toList());
      if (label != null) {
        return columns.withCategory(column(label), classes);
      }
      if (score != null || needsScores) {
        return columns.withScore(column(score == null ? "3" : score), scale());
      }
      return columns;
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
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
