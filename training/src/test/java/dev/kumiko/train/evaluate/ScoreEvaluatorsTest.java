package dev.kumiko.train.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against scikit-learn and sentence-transformers on the same numbers. */
class ScoreEvaluatorsTest {
  private static final float[][] SCORES = {
    {-0.785f, 0.749f, 1.635f, 0.273f},
    {-1.233f, 1.042f, 1.6f, 0.203f},
    {-1.732f, -0.084f, -1.163f, -0.629f},
    {-0.488f, -0.713f, 0.553f, -0.063f},
    {-0.589f, 2.41f, 0.83f, -1.643f},
    {-0.257f, -0.981f, -0.173f, -1.289f},
    {0.021f, -0.038f, 1.696f, -1.048f},
    {-0.396f, 0.909f, -1.355f, 0.225f},
    {-1.109f, 1.17f, 0.717f, -1.998f},
    {2.272f, -1.102f, 0.033f, 0.044f},
    {-1.988f, -0.233f, -0.256f, 0.962f},
    {-1.181f, 0.738f, -1.099f, -0.331f},
    {-0.84f, 1.449f, 0.568f, 2.432f},
    {0.642f, 0.845f, 0.841f, -0.607f}
  };
  private static final int[] CLASSES = {2, 1, 0, 1, 1, 2, 2, 1, 1, 0, 1, 1, 2, 1};
  private static final double[] SINGLE = {
    -0.472, 1.414, -1.197, 0.478, -0.007, -0.445, -0.054, 2.139, -0.517, -0.459, -1.037, -0.205,
    -0.352
  };
  private static final int[] POSITIVE = {1, 1, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0};

  private static List<List<String>> lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> List.of("a" + i, "b" + i)).toList();
  }

  private static EvaluatedModel model(List<float[]> scores) {
    return new EvaluatedModel() {
      @Override
      public List<float[]> vectors(List<String> texts) {
        throw new AssertionError("asked for vectors");
      }

      @Override
      public List<float[]> scores(List<List<String>> lines) {
        assertEquals(lines(scores.size()), lines);
        return scores;
      }
    };
  }

  private static List<float[]> single(double[] scores) {
    return Arrays.stream(scores).mapToObj(s -> new float[] {(float) s}).toList();
  }

  @Test
  void classesOfSeveral() throws IOException {
    SequencedMap<String, Double> found =
        new ClassEvaluator(lines(14), CLASSES).evaluate(model(List.of(SCORES)));
    assertEquals("f1_macro", found.firstEntry().getKey());
    assertEquals(51.19047619047619, found.get("f1_macro"), 1e-10);
    assertEquals(64.28571428571429, found.get("f1_micro"), 1e-10);
    assertEquals(69.38775510204081, found.get("f1_weighted"), 1e-10);
  }

  @Test
  void positivesByASingleScore() throws IOException {
    SequencedMap<String, Double> found =
        new ClassEvaluator(lines(13), POSITIVE).evaluate(model(single(SINGLE)));
    assertEquals("average_precision", found.firstEntry().getKey());
    assertEquals(74.07407407407408, found.get("average_precision"), 1e-10);
    assertEquals(76.92307692307693, found.get("accuracy"), 1e-10);
    assertEquals(66.66666666666666, found.get("f1"), 1e-10);
  }

  @Test
  void equalScoresAreNotParted() throws IOException {
    double[] rounded = {-0.0, 1, -1, 0, -0.0, -0.0, -0.0, 2, -1, -0.0, -1, -0.0, -0.0};
    SequencedMap<String, Double> found =
        new ClassEvaluator(lines(13), POSITIVE).evaluate(model(single(rounded)));
    assertEquals(66.02564102564102, found.get("average_precision"), 1e-10);
  }

  @Test
  void scoresAreComparedByTheirOrder() throws IOException {
    double[] wanted = {5, 4, 1, 2};
    double[] own = {9, 8, 7, -3};
    SequencedMap<String, Double> found =
        new ScoreEvaluator(lines(4), wanted).evaluate(model(single(own)));
    assertEquals(80, found.get("spearman"), 1e-12);
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    double[] equal = {1, 1};
    assertThrows(IllegalArgumentException.class, () -> new ScoreEvaluator(lines(2), equal));
    assertThrows(IllegalArgumentException.class, () -> new ClassEvaluator(lines(2), new int[] {1}));
    ClassEvaluator tooHigh = new ClassEvaluator(lines(2), new int[] {1, 2});
    assertThrows(
        IllegalArgumentException.class, () -> tooHigh.evaluate(model(single(new double[] {1, 2}))));
    ScoreEvaluator scores = new ScoreEvaluator(lines(2), new double[] {1, 2});
    assertThrows(
        IllegalArgumentException.class,
        () -> scores.evaluate(model(List.of(SCORES[0], SCORES[1]))));
    assertThrows(IllegalArgumentException.class, () -> scores.evaluate(texts -> List.of()));
  }
}
