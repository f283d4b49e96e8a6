package dev.kumiko.train.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * How many texts find their own translation as the nearest of all by cosine: {@code mean_accuracy}
 * and the two directions, {@code src2trg_accuracy} and {@code trg2src_accuracy}. A tie is no find.
 * In sentence-transformers {@code TranslationEvaluator}, which leaves ties to chance.
 */
public final class TranslationEvaluator implements Evaluator {
  private final List<String> texts;
  private final int lines;

  /**
   * Takes translations.
   *
   * @param sources the texts
   * @param targets their translations
   * @throws IllegalArgumentException if their numbers differ or are below two
   */
  public TranslationEvaluator(List<String> sources, List<String> targets) {
    if (sources.size() != targets.size() || sources.size() < 2) {
      throw new IllegalArgumentException(
          "%,d texts with %,d translations, expected the same number and 2 at least"
              .formatted(sources.size(), targets.size()));
    }
    this.lines = sources.size();
    this.texts = new ArrayList<>(sources);
    this.texts.addAll(targets);
  }

  @Override
  public SequencedMap<String, Double> evaluate(EvaluatedModel model) throws IOException {
    List<float[]> vectors = model.vectors(texts);
    List<float[]> sources = vectors.subList(0, lines);
    List<float[]> targets = vectors.subList(lines, 2 * lines);
    double forth = accuracy(sources, targets);
    double back = accuracy(targets, sources);
    SequencedMap<String, Double> result = new LinkedHashMap<>();
    result.put("mean_accuracy", (forth + back) / 2);
    result.put("src2trg_accuracy", forth);
    result.put("trg2src_accuracy", back);
    return result;
  }

  private double accuracy(List<float[]> from, List<float[]> to) {
    int found = 0;
    for (int i = 0; i < lines; i++) {
      double own = Cosines.of(from.get(i), to.get(i));
      boolean nearest = !Double.isNaN(own);
      for (int j = 0; j < lines && nearest; j++) {
        nearest = j == i || Cosines.of(from.get(i), to.get(j)) < own;
      }
      found += nearest ? 1 : 0;
    }
    return 100.0 * found / lines;
  }
}
