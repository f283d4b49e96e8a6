package dev.kumiko.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Pairs of sentences with the similarity that people gave them.
 *
 * @param sentences the sentences, {@code [2 * pairs]}, those of a pair side by side
 * @param lines the line of the file where each pair ends
 * @param scores one score for each pair
 */
record StsPairs(List<String> sentences, List<Long> lines, List<Double> scores) {
  private static final int MOST_SHOWN = 40;

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

  /**
   * Reads CSV: sentence, sentence, score; no header.
   *
   * @throws IOException if a row is something else; the message names its line
   */
  static StsPairs read(Path file) throws IOException {
    List<String> sentences = new ArrayList<>();
    List<Long> lines = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(text(file), FORMAT)) {
      for (CSVRecord row : parser) {
        long line = parser.getCurrentLineNumber();
        if (row.size() != 3) {
          throw new CommandFailedException(
              "%s: line %d has %d columns, expected 3: sentence, sentence, score"
                  .formatted(file, line, row.size()));
        }
        sentences.add(row.get(0));
        sentences.add(row.get(1));
        lines.add(line);
        scores.add(score(row.get(2), file, line));
      }
    } catch (UncheckedIOException e) {
      throw new CommandFailedException(file + ": " + e.getCause().getMessage());
    }
    if (scores.size() < 2) {
      throw new CommandFailedException(
          "%s: holds %d pairs of sentences, but a correlation needs at least 2"
              .formatted(file, scores.size()));
    }
    return new StsPairs(sentences, lines, scores);
  }

  private static String text(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Utf8Lines lines = new Utf8Lines(Files.newInputStream(file), file.toString())) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }

  private static double score(String text, Path file, long line) throws IOException {
    double score = Double.NaN;
    try {
      score = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      // Not finite either, and reported below.
    }
    if (!Double.isFinite(score)) {
      String hint = line == 1 ? " (a header has to go)" : "";
      throw new CommandFailedException(
          "%s: line %d has the score \"%s\", expected a number%s"
              .formatted(file, line, shown(text), hint));
    }
    return score;
  }

  /** What should be a number may be the rest of the file, behind a quote that nothing ends. */
  private static String shown(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.codePointCount(0, line.length()) <= MOST_SHOWN
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MOST_SHOWN)) + "...";
  }

  /** Returns the sentences, to be embedded in their order. */
  TextSource texts() {
    return new Sentences();
  }

  private final class Sentences implements TextSource {
    private static final int BATCH = 512;

    private int next;

    @Override
    public List<String> next() {
      int from = next;
      next = Math.min(from + BATCH, sentences.size());
      return sentences.subList(from, next);
    }

    @Override
    public String place(long text) {
      return "line " + lines.get((int) text / 2);
    }

    @Override
    public OptionalDouble fraction() {
      return OptionalDouble.of((double) next / sentences.size());
    }

    @Override
    public void close() {}
  }
}
