package dev.kumiko.train.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.kumiko.train.loss.Matryoshka.Cut;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.random.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients against central differences, on odd sizes. */
class LossGradientTest {
  private static final int LINES = 5;
  private static final int SIZE = 7;
  private static final double H = 1e-6;

  /** The differences' own error: some 1e-16 / H from rounding, H^2 from the third derivative. */
  private static final double BOUND = 1e-7;

  /** A loss and what it is computed from. */
  record Case(String name, Loss loss, int columns, int labelsPerLine, List<Integer> targetSizes) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> cases() {
    SeededRandom random = new SeededRandom(11);
    Loss projected = Projected.random(EmbedDistill.mse(), SIZE, 9, random);
    List<Cut> cuts = List.of(new Cut(SIZE, 1), new Cut(3, 0.5), new Cut(1, 0.25));
    Loss lealla =
        new Lealla(1, 10, 5)
            .loss(
                new AdditiveMarginSoftmax(),
                loss -> Projected.random(loss, SIZE, 9, new SeededRandom(2)));
    return List.of(
        new Case("mnr", new MultipleNegativesRanking(), 2, 0, List.of()),
        new Case("mnr both", new MultipleNegativesRanking(7, true), 4, 0, List.of()),
        new Case("ams", new AdditiveMarginSoftmax(), 2, 0, List.of()),
        new Case("ams negatives", new AdditiveMarginSoftmax(5, 0.1), 3, 0, List.of()),
        new Case("cosent", new CoSent(), 2, 1, List.of()),
        new Case("angle", new AnglE(), 2, 1, List.of()),
        new Case("cosine", new CosineSimilarity(), 2, 1, List.of()),
        new Case("mse", EmbedDistill.mse(), 2, 0, List.of(SIZE)),
        new Case("mse of both", EmbedDistill.mse(), 2, 0, List.of(SIZE, SIZE)),
        new Case("cosine distill", EmbedDistill.cosine(), 3, 0, List.of(SIZE)),
        new Case("l2", new EmbedDistill(new VectorDistance.L2()), 1, 0, List.of(SIZE)),
        new Case(
            "smooth l1", new EmbedDistill(new VectorDistance.SmoothL1(0.7)), 1, 0, List.of(SIZE)),
        new Case("huber", new EmbedDistill(new VectorDistance.Huber(0.7)), 1, 0, List.of(SIZE)),
        new Case("projected", projected, 2, 0, List.of(9)),
        new Case("normalized", new Normalized(EmbedDistill.mse()), 2, 0, List.of(SIZE)),
        new Case("logits", LogitDistill.squared(), 2, 0, List.of(9, 9)),
        new Case("logits kl", LogitDistill.divergence(3), 2, 0, List.of(9, 9)),
        new Case("margin mse", new MarginMse(), 4, 2, List.of()),
        new Case("margin mse scores", new MarginMse(), 4, 3, List.of()),
        new Case("kl div", new DistillKlDiv(1.5), 4, 3, List.of()),
        new Case("bce", new BinaryCrossEntropy(3), 0, 1, List.of()),
        new Case(
            "matryoshka", new Matryoshka(new MultipleNegativesRanking(), cuts), 3, 0, List.of()),
        new Case("matryoshka cosent", new Matryoshka(new CoSent(), cuts), 2, 1, List.of()),
        new Case("matryoshka mse", new Matryoshka(EmbedDistill.mse(), cuts), 2, 0, List.of(SIZE)),
        new Case("lealla", lealla, 2, 0, List.of(9, 9)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAreTheSlopes(Case tested) {
    SeededRandom random = new SeededRandom(3);
    List<double[]> vectors = new ArrayList<>();
    int size = tested.columns() == 0 ? 1 : SIZE;
    for (int c = 0; c < Math.max(1, tested.columns()); c++) {
      vectors.add(normal(LINES * size, random));
    }
    double[] labels = new double[LINES * tested.labelsPerLine()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextDouble();
    }
    List<SentenceVectors> targets = new ArrayList<>();
    for (int targetSize : tested.targetSizes()) {
      targets.add(new SentenceVectors(LINES, targetSize, normal(LINES * targetSize, random)));
    }
    check(tested.loss(), vectors, size, labels, targets);
  }

  @Test
  void gradientsOfAClassifierAreTheSlopes() {
    List<double[]> logits = List.of(normal(3 * SIZE, new SeededRandom(4)));
    check(new CrossEntropy(), logits, SIZE, new double[] {0, 6, 3}, List.of());
  }

  private static void check(
      Loss loss, List<double[]> vectors, int size, double[] labels, List<SentenceVectors> targets) {
    double weight = 0.3;
    LossInput input = input(vectors, size, labels, targets);
    double value = loss.apply(input, weight);
    assertEquals(
        value, loss.apply(input(vectors, size, labels, targets)), "the weight is not in it");
    double whole = 0;
    for (int c = 0; c < vectors.size(); c++) {
      double[] column = vectors.get(c);
      for (int i = 0; i < column.length; i++) {
        double slope = slope(column, i, x -> loss.apply(input(vectors, size, labels, targets)));
        double gradient = input.columns().get(c).gradient()[i];
        whole += Math.abs(gradient);
        assertEquals(weight * slope, gradient, BOUND * Math.max(1, Math.abs(slope)), c + ", " + i);
      }
    }
    assertNotEquals(0, whole);
    for (Parameter parameter : loss.parameters()) {
      checkParameter(loss, parameter, () -> input(vectors, size, labels, targets));
    }
  }

  private static double slope(double[] values, int i, ToDoubleFunction<double[]> f) {
    double kept = values[i];
    values[i] = kept + H;
    double above = f.applyAsDouble(values);
    values[i] = kept - H;
    double below = f.applyAsDouble(values);
    values[i] = kept;
    return (above - below) / (2 * H);
  }

  /** In single precision: a step that floats can take, and their rounding of the gradient. */
  private static void checkParameter(Loss loss, Parameter parameter, Supplier<LossInput> input) {
    parameter.clearGradient();
    loss.apply(input.get(), 0.3);
    float[] gradient = parameter.gradient().clone();
    for (int i = 0; i < gradient.length; i++) {
      float kept = parameter.values()[i];
      float above = kept + 0x1p-10f;
      float below = kept - 0x1p-10f;
      parameter.values()[i] = above;
      double higher = loss.apply(input.get());
      parameter.values()[i] = below;
      double lower = loss.apply(input.get());
      parameter.values()[i] = kept;
      double slope = (higher - lower) / ((double) above - below);
      assertEquals(0.3 * slope, gradient[i], 1e-6 * Math.max(1, Math.abs(slope)), "" + i);
    }
  }

  private static LossInput input(
      List<double[]> vectors, int size, double[] labels, List<SentenceVectors> targets) {
    List<SentenceVectors> columns = new ArrayList<>();
    for (double[] column : vectors) {
      columns.add(new SentenceVectors(column.length / size, size, column));
    }
    return new LossInput(columns, labels, targets);
  }

  private static double[] normal(int count, SeededRandom random) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }
}
