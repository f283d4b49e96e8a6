package dev.kumiko.train.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.train.TrainingFixture;
import dev.kumiko.train.TrainingFixture.Values;
import java.util.ArrayList;
import java.util.List;

/** What autograd says of a loss, and the vectors it was computed from. */
final class Reference {
  private static final TrainingFixture LOSSES = TrainingFixture.open("losses");

  private Reference() {}

  static SentenceVectors vectors(String name) {
    Values values = LOSSES.get("input." + name);
    return new SentenceVectors(
        values.shape().get(0), values.shape().get(1), values.array().clone());
  }

  static double[] values(String name) {
    return LOSSES.get("input." + name).array().clone();
  }

  static float[] floats(String name) {
    return LOSSES.get("input." + name).floats();
  }

  static double[] gradient(String loss, String input) {
    return LOSSES.get(loss + ".d." + input).array();
  }

  static double loss(String loss) throws Exception {
    return LOSSES.facts().get(loss).get("loss").asDouble();
  }

  /** Every loss of the references by name. */
  static List<String> names() throws Exception {
    return List.copyOf(LOSSES.facts().members().keySet());
  }

  /**
   * Compares value and gradients of a loss with the reference.
   *
   * @param columns letters of the columns
   * @param bound how far each may be off, relative to the value and to the largest component
   */
  static void check(
      String name, Loss loss, String columns, double[] labels, double bound, String... targets)
      throws Exception {
    LossInput input = input(columns, labels, targets);
    double expected = loss(name);
    assertEquals(expected, loss.apply(input), bound * Math.abs(expected), name);
    for (int c = 0; c < columns.length(); c++) {
      String column = columns.substring(c, c + 1);
      compare(
          name + ".d." + column, gradient(name, column), input.columns().get(c).gradient(), bound);
    }
  }

  static LossInput input(String columns, double[] labels, String... targets) {
    List<SentenceVectors> vectors = new ArrayList<>();
    for (int c = 0; c < columns.length(); c++) {
      vectors.add(vectors(columns.substring(c, c + 1)));
    }
    List<SentenceVectors> teacher = new ArrayList<>();
    for (String target : targets) {
      teacher.add(vectors(target));
    }
    return new LossInput(vectors, labels, teacher);
  }

  static void compare(String name, double[] expected, double[] actual, double bound) {
    assertEquals(expected.length, actual.length, name);
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], bound * largest, name + "[" + i + "]");
    }
  }
}
