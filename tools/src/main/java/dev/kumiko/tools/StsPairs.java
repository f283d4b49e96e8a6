package dev.kumiko.tools;

import dev.kumiko.train.data.FileFormat;
import dev.kumiko.train.data.Row;
import dev.kumiko.train.data.RowReader;
import dev.kumiko.train.data.Shown;
import dev.kumiko.train.evaluate.SimilarityEvaluator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Pairs of sentences with the similarity that people gave them.
 *
 * @param sentences the sentences, {@code [2 * pairs]}, those of a pair side by side
 * @param lines the line of the file where each pair begins
 * @param scores one score for each pair
 */
record StsPairs(List<String> sentences, List<Long> lines, List<Double> scores) {
  /**
   * Reads CSV: sentence, sentence, score; no header.
   *
   * @throws IOException if a row is something else; the message names its line
   */
  static StsPairs read(Path file) throws IOException {
    List<String> sentences = new ArrayList<>();
    List<Long> lines = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    try (RowReader rows = RowReader.open(file, FileFormat.CSV)) {
      for (Row row = rows.next(); row != null; row = rows.next()) {
        List<String> values = row.values();
        if (values.size() != 3) {
          throw new CommandFailedException(
              "%s: line %d has %d columns, expected 3: sentence, sentence, score"
                  .formatted(file, row.line(), values.size()));
        }
        sentences.add(values.get(0));
        sentences.add(values.get(1));
        lines.add(row.line());
        scores.add(score(values.get(2), file, row.line()));
      }
    }
    if (scores.size() < 2) {
      throw new CommandFailedException(
          "%s: holds %d pairs of sentences, but a correlation needs at least 2"
              .formatted(file, scores.size()));
    }
    return new StsPairs(sentences, lines, scores);
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
              .formatted(file, line, Shown.of(text), hint));
    }
    return score;
  }

  /** Returns what compares a model's cosines with the scores. */
  SimilarityEvaluator evaluator() {
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    for (int i = 0; i < sentences.size(); i += 2) {
      first.add(sentences.get(i));
      second.add(sentences.get(i + 1));
    }
    double[] values = scores.stream().mapToDouble(Double::doubleValue).toArray();
    return new SimilarityEvaluator(first, second, values);
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
