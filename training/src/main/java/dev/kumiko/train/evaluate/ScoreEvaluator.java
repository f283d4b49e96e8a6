package dev.kumiko.train.evaluate;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Whether a reranker's scores have the order of those that people or a teacher gave: {@code
 * spearman}. In sentence-transformers {@code CrossEncoderCorrelationEvaluator}.
 */
public final class ScoreEvaluator implements Evaluator {
  private final List<List<String>> lines;
  private final double[] scores;

  /**
   * Takes texts or pairs.
   *
   * @param lines one text or two each
   * @param scores what was said of each, on any scale
   * @throws IllegalArgumentException if their numbers differ, or if the scores have no order: fewer
   *     than two, all equal, or one that is no number
   */
  public ScoreEvaluator(List<List<String>> lines, double[] scores) {
    if (Double.isNaN(Correlation.pearson(scores, scores)) || lines.size() != scores.length) {
      throw new IllegalArgumentException(
          "There is no correlation of %,d lines with %,d scores that are all equal, not all numbers, or too few"
              .formatted(lines.size(), scores.length));
    }
    this.lines = List.copyOf(lines);
    this.scores = scores.clone();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the model has another number of scores than one
   */
  @Override
  public SequencedMap<String, Double> evaluate(EvaluatedModel model) throws IOException {
    double[] own = new double[scores.length];
    int next = 0;
    for (float[] row : model.scores(lines)) {
      if (row.length != 1) {
        throw new IllegalArgumentException(
            "Scores are compared with the only one of a reranker, but this model has %,d classes"
                .formatted(row.length));
      }
      own[next++] = row[0];
    }
    SequencedMap<String, Double> result = new LinkedHashMap<>();
    result.put("spearman", 100 * Correlation.spearman(own, scores));
    return result;
  }
}
