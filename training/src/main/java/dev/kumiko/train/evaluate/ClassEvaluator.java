package dev.kumiko.train.evaluate;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Whether a classifier or reranker finds the classes. With several classes {@code f1_macro}, the
 * mean over the classes that occur or are given as answers, {@code f1_micro}, which is the
 * accuracy, and {@code f1_weighted}, the mean over lines of their class's. With a single score
 * {@code average_precision}, and {@code accuracy} and {@code f1} at the threshold that suits each
 * best. In sentence-transformers {@code CrossEncoderClassificationEvaluator}; a threshold here
 * never parts equal scores.
 */
public final class ClassEvaluator implements Evaluator {
  private final List<List<String>> lines;
  private final int[] classes;

  /**
   * Takes texts or pairs.
   *
   * @param lines one text or two each
   * @param classes the class of each, from 0; for a reranker 0 or 1
   * @throws IllegalArgumentException if their numbers differ or are zero
   */
  public ClassEvaluator(List<List<String>> lines, int[] classes) {
    if (lines.size() != classes.length || lines.isEmpty()) {
      throw new IllegalArgumentException(
          "%,d lines with %,d classes".formatted(lines.size(), classes.length));
    }
    this.lines = List.copyOf(lines);
    this.classes = classes.clone();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a class is none of the model's
   */
  @Override
  public SequencedMap<String, Double> evaluate(EvaluatedModel model) throws IOException {
    List<float[]> scores = model.scores(lines);
    int size = scores.getFirst().length;
    int most = Math.max(2, size);
    int highest = Arrays.stream(classes).max().orElseThrow();
    if (highest >= most) {
      throw new IllegalArgumentException(
          "The data has the class %d, but the model's are 0 to %d".formatted(highest, most - 1));
    }
    return size == 1 ? binary(scores) : several(scores, size);
  }

  private SequencedMap<String, Double> several(List<float[]> scores, int size) {
    double[] right = new double[size];
    double[] found = new double[size];
    double[] wanted = new double[size];
    for (int i = 0; i < classes.length; i++) {
      int answer = largest(scores.get(i));
      right[classes[i]] += answer == classes[i] ? 1 : 0;
      found[answer]++;
      wanted[classes[i]]++;
    }
    double macro = 0;
    double weighted = 0;
    int present = 0;
    for (int c = 0; c < size; c++) {
      if (found[c] + wanted[c] > 0) {
        double f1 = 2 * right[c] / (found[c] + wanted[c]);
        macro += f1;
        weighted += f1 * wanted[c] / classes.length;
        present++;
      }
    }
    SequencedMap<String, Double> result = new LinkedHashMap<>();
    result.put("f1_macro", 100 * macro / present);
    result.put("f1_micro", 100 * Arrays.stream(right).sum() / classes.length);
    result.put("f1_weighted", 100 * weighted);
    return result;
  }

  private static int largest(float[] row) {
    int largest = 0;
    for (int c = 1; c < row.length; c++) {
      largest = row[c] > row[largest] ? c : largest;
    }
    return largest;
  }

  /** From the highest score down: whatever lies above a threshold counts as positive. */
  private SequencedMap<String, Double> binary(List<float[]> scores) {
    int[] order =
        IntStream.range(0, classes.length)
            .boxed()
            .sorted((a, b) -> Float.compare(scores.get(b)[0], scores.get(a)[0]))
            .mapToInt(Integer::intValue)
            .toArray();
    double positives = Arrays.stream(classes).sum();
    double right = 0;
    double precisions = 0;
    double counted = 0;
    double accuracy = Double.NaN;
    double f1 = Double.NaN;
    for (int above = 1; above <= order.length; above++) {
      right += classes[order[above - 1]];
      boolean last = above == order.length;
      if (!last && scores.get(order[above])[0] == scores.get(order[above - 1])[0]) {
        continue;
      }
      precisions += (right - counted) * right / above;
      counted = right;
      if (!last) {
        double negativesBelow = order.length - above - (positives - right);
        accuracy = larger(accuracy, (right + negativesBelow) / order.length);
        f1 = larger(f1, 2 * right / (above + positives));
      }
    }
    SequencedMap<String, Double> result = new LinkedHashMap<>();
    result.put("average_precision", 100 * precisions / positives);
    result.put("accuracy", 100 * accuracy);
    result.put("f1", 100 * f1);
    return result;
  }

  private static double larger(double value, double other) {
    return value >= other ? value : other;
  }
}
