package dev.kumiko.train.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Whether the cosines of pairs agree with the scores that people gave them: {@code spearman_cosine}
 * and {@code pearson_cosine}. In sentence-transformers {@code EmbeddingSimilarityEvaluator}.
 */
public final class SimilarityEvaluator implements Evaluator {
  private final List<String> texts;
  private final double[] scores;

  /**
   * Takes pairs.
   *
   * @param first the first text of each pair
   * @param second the second one
   * @param scores what people said, on any scale
   * @throws IllegalArgumentException if the numbers of texts and scores differ, or if the scores
   *     have no order: fewer than two, all equal, or one that is no number
   */
  public SimilarityEvaluator(List<String> first, List<String> second, double[] scores) {
    if (first.size() != scores.length || second.size() != scores.length) {
      throw new IllegalArgumentException(
          "%,d and %,d texts with %,d scores"
              .formatted(first.size(), second.size(), scores.length));
    }
    if (Double.isNaN(Correlation.pearson(scores, scores))) {
      throw new IllegalArgumentException(
          "There is no correlation with %,d scores that are all equal or not all numbers"
              .formatted(scores.length));
    }
    this.texts = new ArrayList<>(first);
    this.texts.addAll(second);
    this.scores = scores.clone();
  }

  @Override
  public SequencedMap<String, Double> evaluate(EvaluatedModel model) throws IOException {
    List<float[]> vectors = model.vectors(texts);
    double[] cosines = new double[scores.length];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = Cosines.of(vectors.get(i), vectors.get(scores.length + i));
    }
    SequencedMap<String, Double> result = new LinkedHashMap<>();
    result.put("spearman_cosine", 100 * Correlation.spearman(cosines, scores));
    result.put("pearson_cosine", 100 * Correlation.pearson(cosines, scores));
    return result;
  }
}
