package dev.kumiko.train.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.train.loss.Matryoshka.Cut;
import dev.kumiko.train.loss.WeightedSum.Part;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is refused, and what has a result although there is nothing to learn. */
class LossBadInputTest {
  private static final double[] NONE = {};

  private static SentenceVectors vectors(int count, double... repeated) {
    double[] values = new double[count * repeated.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = repeated[i % repeated.length];
    }
    return new SentenceVectors(count, repeated.length, values);
  }

  private static LossInput pairs(int lines, double... labels) {
    return new LossInput(
        List.of(vectors(lines, 1, 2, 3), vectors(lines, 3, 1, -1)), labels, List.of());
  }

  private static String message(Loss loss, LossInput input) {
    return assertThrows(IllegalArgumentException.class, () -> loss.apply(input)).getMessage();
  }

  @Test
  void labelsThatAreNoNumbersAreNamed() {
    for (Loss loss : List.of(new CoSent(), new AnglE(), new CosineSimilarity())) {
      assertEquals(
          loss.name() + ": line 2 of the batch has the label NaN, expected a number",
          message(loss, pairs(3, 0.5, Double.NaN, 1)));
      assertEquals(
          loss.name() + ": line 3 of the batch has the label Infinity, expected a number",
          message(loss, pairs(3, 0.5, 0, Double.POSITIVE_INFINITY)));
      assertEquals(
          loss.name() + " needs 1 label for each line, the data has 0", message(loss, pairs(3)));
    }
  }

  @Test
  void labelsThatAreAllEqualTeachNoOrder() {
    for (Loss loss : List.of(new CoSent(), new AnglE())) {
      LossInput input = pairs(4, 0.5, 0.5, 0.5, 0.5);
      assertEquals(0, loss.apply(input));
      assertArrayEquals(new double[12], input.columns().get(0).gradient());
      assertArrayEquals(new double[12], input.columns().get(1).gradient());
    }
  }

  @Test
  void inBatchNegativesNeedASecondLine() {
    for (Loss loss : List.of(new MultipleNegativesRanking(), new AdditiveMarginSoftmax())) {
      assertEquals(
          loss.name()
              + " compares each line with the others of its batch, but the batch has a single line:"
              + " make it larger, use lines with different texts, or give them negatives",
          message(loss, pairs(1)));
    }
    LossInput withNegative =
        new LossInput(
            List.of(vectors(1, 1, 2), vectors(1, 2, 1), vectors(1, -1, 1)), NONE, List.of());
    assertTrue(new MultipleNegativesRanking().apply(withNegative) > 0);
  }

  @Test
  void textsThatAreAllTheSameGiveTheLogarithmAndNoGradient() {
    LossInput input =
        new LossInput(List.of(vectors(8, 1, 2, 3), vectors(8, 1, 2, 3)), NONE, List.of());
    assertEquals(Math.log(8), new MultipleNegativesRanking().apply(input), 1e-14);
    for (double gradient : input.columns().getFirst().gradient()) {
      assertEquals(0, gradient, 1e-15);
    }
  }

  /** No division by zero, and nothing that a next step could not bear. */
  @Test
  void vectorsThatAreZeroHaveFiniteGradients() {
    double[] labels = {0, 1, 0.5};
    List<Loss> losses =
        List.of(
            new MultipleNegativesRanking(),
            new AdditiveMarginSoftmax(),
            new CoSent(),
            new AnglE(),
            new CosineSimilarity(),
            EmbedDistill.cosine(),
            EmbedDistill.mse(),
            new EmbedDistill(new VectorDistance.L2()),
            LogitDistill.squared(),
            LogitDistill.divergence(20),
            new Matryoshka(new CoSent(), List.of(new Cut(1, 1), new Cut(3, 1))));
    for (Loss loss : losses) {
      LossInput input =
          new LossInput(
              List.of(vectors(3, 0, 0, 0), vectors(3, 1, 2, 3)),
              labels,
              List.of(vectors(3, 0, 0, 0), vectors(3, 1, 0, 0)));
      assertTrue(Double.isFinite(loss.apply(input)), loss.name());
      for (SentenceVectors column : input.columns()) {
        for (double gradient : column.gradient()) {
          assertTrue(Double.isFinite(gradient), loss.name());
        }
      }
    }
  }

  @Test
  void lengthsBeyondTheirSquaresAreNoMatter() {
    for (double factor : new double[] {1e-11, 1, 1e200}) {
      LossInput input =
          new LossInput(
              List.of(vectors(2, factor, 2 * factor), vectors(2, 2, 1)),
              new double[] {0.8, 0.6},
              List.of());
      assertEquals(0.02, new CosineSimilarity().apply(input), 1e-15);
    }
  }

  @Test
  void largeScalesDoNotOverflow() {
    LossInput input =
        new LossInput(
            List.of(
                new SentenceVectors(2, 2, new double[] {1, 0, 0, 1}),
                new SentenceVectors(2, 2, new double[] {0, 1, 1, 0})),
            new double[] {1, 0},
            List.of());
    assertEquals(1e6, new MultipleNegativesRanking(1e6, true).apply(input), 1e-6);
    LossInput order =
        new LossInput(
            List.of(vectors(2, 1, 0), new SentenceVectors(2, 2, new double[] {0, 1, 1, 0})),
            new double[] {1, 0},
            List.of());
    assertEquals(1e6, new CoSent(1e6).apply(order), 1e-6);
  }

  @Test
  void whatIsNoNumberGivesALossThatIsNone() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      for (Loss loss :
          List.of(
              new MultipleNegativesRanking(),
              new AdditiveMarginSoftmax(),
              new CoSent(),
              new AnglE(),
              new CosineSimilarity())) {
        LossInput input = pairs(3, 0, 0.5, 1);
        input.columns().getFirst().values()[4] = bad;
        assertTrue(Double.isNaN(loss.apply(input)), loss.name() + " of " + bad);
      }
    }
  }

  @Test
  void wrongColumnsAreNamed() {
    LossInput single = new LossInput(List.of(vectors(2, 1, 2)), NONE, List.of());
    assertEquals(
        "mnr needs 2 columns of texts (anchor, positive), the data has 1",
        message(new MultipleNegativesRanking(), single));
    assertEquals("cosent needs 2 columns of texts, the data has 1", message(new CoSent(), single));
    assertEquals(
        "margin-mse needs 3 columns of texts (anchor, positive, negative), the data has 2",
        message(new MarginMse(), pairs(2)));
  }

  @Test
  void classesThatAreNoneAreNamed() {
    LossInput input = new LossInput(List.of(vectors(2, 1, 2, 3)), new double[] {2, 3}, List.of());
    assertEquals(
        "cross-entropy: line 2 of the batch has the label 3.0, but the classes are 0 to 2",
        message(new CrossEntropy(), input));
    LossInput binary = new LossInput(List.of(vectors(2, 1)), new double[] {0, 1.5}, List.of());
    assertEquals(
        "binary-cross-entropy: line 2 of the batch has the label 1.5, expected a number from 0 to"
            + " 1",
        message(new BinaryCrossEntropy(), binary));
  }

  @Test
  void aTeachersLengthIsNamed() {
    LossInput input = new LossInput(List.of(vectors(2, 1, 2)), NONE, List.of(vectors(2, 1, 2, 3)));
    assertEquals(
        "mse: the teacher's vectors have 3 components, the model's 2; a projection is needed",
        message(EmbedDistill.mse(), input));
    LossInput two =
        new LossInput(
            List.of(vectors(2, 1, 2), vectors(2, 3, 1)),
            NONE,
            List.of(vectors(2, 1, 2, 3), vectors(2, 1, 2)));
    assertEquals(
        "logit-distill: the teacher's vectors have 3 and 2 components",
        message(LogitDistill.squared(), two));
  }

  @Test
  void batchesThatDoNotFitTogetherAreRefused() {
    assertBatch("The batch is empty", List.of(), List.of());
    assertBatch("The batch is empty", List.of(vectors(0, 1, 2)), List.of());
    assertBatch(
        "The batch has columns of 2 vectors of 2 and of 3 vectors of 2",
        List.of(vectors(2, 1, 2), vectors(3, 1, 2)),
        List.of());
    assertBatch(
        "The batch has 2 lines, but 3 vectors of the teacher",
        List.of(vectors(2, 1, 2)),
        List.of(vectors(3, 1)));
    assertBatch(
        "The batch has 2 lines, but 3 labels", List.of(vectors(2, 1, 2)), List.of(), 1, 2, 3);
  }

  private static void assertBatch(
      String message,
      List<SentenceVectors> columns,
      List<SentenceVectors> targets,
      double... labels) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> new LossInput(columns, labels, targets))
            .getMessage());
  }

  @Test
  void settingsAreChecked() {
    Stream.<Runnable>of(
            () -> new CoSent(0),
            () -> new AnglE(Double.NaN),
            () -> new MultipleNegativesRanking(-1, false),
            () -> new AdditiveMarginSoftmax(20, -0.1),
            () -> new DistillKlDiv(Double.POSITIVE_INFINITY),
            () -> new Cut(0, 1),
            () -> new Cut(1, 0),
            () -> new Part(-1, new CoSent()),
            () -> new WeightedSum("sum", List.of(new Part(0, new CoSent()))),
            () -> new Matryoshka(new CoSent(), List.of()))
        .forEach(setting -> assertThrows(IllegalArgumentException.class, setting::run));
    assertEquals(
        "matryoshka-cosent: cut to 4 components, but the vectors have 3",
        message(new Matryoshka(new CoSent(), List.of(new Cut(4, 1))), pairs(2, 0, 1)));
  }

  /** A teacher's vectors are cut only if they are as long as the model's. */
  @Test
  void aTeacherIsCutLikeTheModel() {
    SentenceVectors model = vectors(2, 3, 4, 12);
    Loss loss = new Matryoshka(EmbedDistill.mse(), List.of(new Cut(2, 1)));
    double value = loss.apply(new LossInput(List.of(model), NONE, List.of(vectors(2, 4, 3, 7))));
    assertEquals((0.2 * 0.2 + 0.2 * 0.2) / 2, value, 1e-15);
    assertEquals(0, Arrays.stream(model.gradient()).skip(2).limit(1).sum());
  }
}
