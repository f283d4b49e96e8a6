package dev.kumiko.train.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  /** A text is its own vector: numbers with spaces between them. */
  private static List<float[]> vectors(List<String> texts) {
    return texts.stream().map(EvaluatorTest::vector).toList();
  }

  private static float[] vector(String text) {
    String[] numbers = text.split(" ", -1);
    float[] vector = new float[numbers.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = Float.parseFloat(numbers[i]);
    }
    return vector;
  }

  @Test
  void similarityIsTheOrderOfTheCosines() throws IOException {
    List<String> first = List.of("1 0", "1 0", "1 0", "2 0");
    List<String> second = List.of("1 0", "1 1", "0 1", "-1 0");
    Map<String, Double> scores =
        new SimilarityEvaluator(first, second, new double[] {5, 4, 1, 2})
            .evaluate(EvaluatorTest::vectors);
    // Ranks 4 3 2 1 against 4 3 1 2: 1 - 6 * 2 / (4 * 15).
    assertEquals(80, scores.get("spearman_cosine"), 1e-12);
    double[] cosines = {1, Math.sqrt(0.5), 0, -1};
    assertEquals(
        100 * Correlation.pearson(cosines, new double[] {5, 4, 1, 2}),
        scores.get("pearson_cosine"),
        1e-5);
    assertEquals(List.of("spearman_cosine", "pearson_cosine"), List.copyOf(scores.keySet()));
  }

  @Test
  void aModelWithOneVectorForAllHasNoSimilarity() throws IOException {
    List<String> texts = List.of("a", "b", "c");
    Map<String, Double> scores =
        new SimilarityEvaluator(texts, texts, new double[] {1, 2, 3})
            .evaluate(asked -> asked.stream().map(text -> new float[] {3, 1}).toList());
    assertEquals(Double.NaN, scores.get("spearman_cosine"));
  }

  @Test
  void translationsAreFoundInBothDirections() throws IOException {
    List<String> sources = List.of("1 0", "0 1", "-1 0");
    List<String> targets = List.of("1 0.1", "1 0.2", "-1 -0.1");
    Map<String, Double> scores =
        new TranslationEvaluator(sources, targets).evaluate(EvaluatorTest::vectors);
    assertEquals(100, scores.get("src2trg_accuracy"), 1e-12);
    assertEquals(200 / 3.0, scores.get("trg2src_accuracy"), 1e-12);
    assertEquals(250 / 3.0, scores.get("mean_accuracy"), 1e-12);
    assertEquals("mean_accuracy", scores.keySet().iterator().next());
  }

  /** A model that gives the same vector to all texts finds nothing, rather than all by chance. */
  @Test
  void tiesAreNoFinds() throws IOException {
    List<String> texts = List.of("1 1", "1 1");
    assertEquals(
        0.0,
        new TranslationEvaluator(texts, texts)
            .evaluate(EvaluatorTest::vectors)
            .get("mean_accuracy"));
    List<String> broken = List.of("NaN 1", "NaN 1");
    assertEquals(
        0.0,
        new TranslationEvaluator(broken, broken)
            .evaluate(EvaluatorTest::vectors)
            .get("mean_accuracy"));
  }

  @Test
  void theErrorIsTheMeanOverComponents() throws IOException {
    List<float[]> teacher = List.of(new float[] {1, 0}, new float[] {0, 1});
    assertEquals(
        -100 * (1 + 4) / 4.0,
        new MseEvaluator(List.of("2 0", "0 3"), teacher)
            .evaluate(EvaluatorTest::vectors)
            .get("negative_mse"));
    MseEvaluator longer = new MseEvaluator(List.of("1 2 3", "1 2 3"), teacher);
    assertThrows(IllegalArgumentException.class, () -> longer.evaluate(EvaluatorTest::vectors));
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    List<String> two = List.of("a", "b");
    for (double[] scores :
        Arrays.asList(new double[] {1, 1}, new double[] {1, Double.NaN}, new double[] {1})) {
      assertThrows(IllegalArgumentException.class, () -> new SimilarityEvaluator(two, two, scores));
    }
    assertThrows(IllegalArgumentException.class, () -> new TranslationEvaluator(two, List.of("a")));
    assertThrows(IllegalArgumentException.class, () -> new MseEvaluator(two, List.of()));
  }
}
