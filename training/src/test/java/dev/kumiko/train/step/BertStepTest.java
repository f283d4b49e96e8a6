package dev.kumiko.train.step;

import static dev.kumiko.train.Gradients.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Json;
import dev.kumiko.train.BertFixture;
import dev.kumiko.train.Gradients;
import dev.kumiko.train.TrainingFixture;
import dev.kumiko.train.TrainingFixture.Values;
import dev.kumiko.train.loss.AdditiveMarginSoftmax;
import dev.kumiko.train.loss.CoSent;
import dev.kumiko.train.loss.EmbedDistill;
import dev.kumiko.train.loss.Lealla;
import dev.kumiko.train.loss.Loss;
import dev.kumiko.train.loss.MultipleNegativesRanking;
import dev.kumiko.train.loss.Projected;
import dev.kumiko.train.loss.SentenceVectors;
import dev.kumiko.train.model.Memory;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.optimize.AdamW;
import dev.kumiko.train.optimize.Moments;
import dev.kumiko.train.optimize.Optimizer;
import dev.kumiko.train.optimize.Rates;
import dev.kumiko.train.optimize.Schedule;
import dev.kumiko.train.optimize.Schedule.Shape;
import dev.kumiko.train.parallel.Threads;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From token ids to losses, all gradients and steps of AdamW, against autograd and PyTorch. */
class BertStepTest {
  private static final double[] NONE = {};

  @TempDir private Path folder;

  private static PackedTexts texts(BertFixture fixture) throws IOException {
    List<int[]> texts = new ArrayList<>(fixture.column("a"));
    texts.addAll(fixture.column("b"));
    return BertFixture.packed(texts);
  }

  private static SentenceVectors vectors(Values values) {
    return new SentenceVectors(
        values.shape().get(0), values.shape().get(1), values.array().clone());
  }

  private static double[] labels(Json facts) throws IOException {
    if (facts.find("labels").isEmpty()) {
      return NONE;
    }
    List<Json> labels = facts.get("labels").items();
    double[] values = new double[labels.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = labels.get(i).asDouble();
    }
    return values;
  }

  private static List<SentenceVectors> targets(TrainingFixture reference) {
    List<SentenceVectors> targets = new ArrayList<>();
    for (String name : List.of("teacher", "teacher.a", "teacher.b")) {
      if (reference.has(name)) {
        targets.add(vectors(reference.get(name)));
      }
    }
    return targets;
  }

  private static Loss loss(String name, TrainingFixture reference) {
    return switch (name) {
      case "bert-mnr", "bert-composed-mnr" -> new MultipleNegativesRanking();
      case "bert-ams" -> new AdditiveMarginSoftmax();
      case "bert-cosent" -> new CoSent();
      case "bert-mse" -> EmbedDistill.mse();
      default ->
          new Lealla(1, 10, 5)
              .loss(
                  new AdditiveMarginSoftmax(),
                  inner ->
                      new Projected(
                          inner,
                          projection(reference, "projection.weight", Kind.WEIGHT),
                          projection(reference, "projection.bias", Kind.BIAS_OR_NORM)));
    };
  }

  private static Parameter projection(TrainingFixture reference, String name, Kind kind) {
    Values values = reference.get("param." + name);
    int columns = values.shape().getLast();
    float[] floats = values.floats();
    return new Parameter(name, kind, floats.length / columns, columns, floats);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-mnr",
        "bert-ams",
        "bert-cosent",
        "bert-mse",
        "bert-distill",
        "bert-composed-mnr"
      })
  void lossAndGradientsAreThoseOfAutograd(String name) throws IOException {
    BertFixture fixture = BertFixture.open(name);
    TrainingFixture reference = fixture.reference();
    Loss loss = loss(name, reference);
    Path file = fixture.writeModel(folder.resolve("model.safetensors"));
    try (TrainableModel model = TrainableModel.open(file, 2, Memory.KEEP)) {
      double value =
          BatchGradients.whole(model, loss)
              .add(texts(fixture), 2, labels(reference.facts()), targets(reference), 1);
      double expected = reference.facts().get("loss").asDouble();
      assertEquals(expected, value, 1e-6 * expected);
      for (Parameter parameter : model.parameters()) {
        check(reference, BertFixture.originalName(parameter.name()), parameter.gradient());
      }
    }
    for (Parameter parameter : loss.parameters()) {
      check(reference, parameter.name(), parameter.gradient());
    }
  }

  private static void check(TrainingFixture reference, String name, float[] gradient) {
    compare("grad.", name, other -> reference.get(other).array(), gradient);
  }

  /**
   * The gradient of a key's bias is zero but for rounding, and sums what the query's is made of:
   * that one's size counts.
   */
  private static void compare(
      String prefix, String name, Function<String, double[]> expected, float[] found) {
    double scale =
        name.endsWith("key.bias")
            ? Gradients.largest(expected.apply(prefix + name.replace("key", "query")))
            : 0;
    assertClose(name, expected.apply(prefix + name), found, scale);
  }

  /** Four steps of PyTorch: the first one with a rate of zero. */
  @Test
  void stepsAreThoseOfPyTorch() throws IOException {
    BertFixture fixture = BertFixture.open("bert-adamw");
    TrainingFixture reference = fixture.reference();
    Json facts = reference.facts();
    double rate = facts.get("learning_rate").asDouble();
    Path file = fixture.writeModel(folder.resolve("model.safetensors"));
    try (TrainableModel model = TrainableModel.open(file, 1, Memory.KEEP);
        Threads threads = new Threads(2)) {
      Optimizer optimizer =
          new Optimizer(
              model.parameters(),
              Rates.of(rate),
              new Schedule(
                  Shape.LINEAR,
                  facts.get("warmup_steps").asInt(),
                  facts.get("total_steps").asInt()),
              AdamW.Settings.weightDecay(facts.get("weight_decay").asDouble()),
              facts.get("max_gradient_norm").asDouble());
      BatchGradients gradients = BatchGradients.whole(model, new MultipleNegativesRanking());
      for (Json step : facts.get("steps").items()) {
        assertEquals(step.get("learning_rate").asDouble(), rate * optimizer.rateFactor(), 1e-15);
        List<int[]> batch = new ArrayList<>(ids(step.get("batch").get("a")));
        batch.addAll(ids(step.get("batch").get("b")));
        double value = gradients.add(BertFixture.packed(batch), 2, NONE, List.of(), 1);
        double expected = step.get("loss").asDouble();
        assertEquals(expected, value, 1e-6 * expected);
        double norm = step.get("gradient_norm").asDouble();
        assertEquals(norm, optimizer.step(threads), 1e-5 * norm);
        model.refresh();
        checkParameters(reference, "step" + step.get("step").asInt() + ".", model.parameters());
      }
      checkMoments(reference, optimizer.adamW().moments());
    }
  }

  private static List<int[]> ids(Json column) throws IOException {
    List<int[]> texts = new ArrayList<>();
    for (Json text : column.items()) {
      int[] ids = new int[text.items().size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = text.items().get(i).asInt();
      }
      texts.add(ids);
    }
    return texts;
  }

  /**
   * A key's bias has a gradient of zero but for rounding, which in single precision is as large as
   * AdamW's epsilon: it moves, by the rates of the steps at most, and changes no result.
   */
  private static void checkParameters(
      TrainingFixture reference, String step, List<Parameter> parameters) {
    int checked = 0;
    for (Parameter parameter : parameters) {
      String name = step + BertFixture.originalName(parameter.name());
      if (reference.has(name)) {
        double[] expected = reference.get(name).array();
        double bound = name.endsWith("key.bias") ? 0.005 + 0.01 + 0.00667 : 1e-6;
        for (int i = 0; i < expected.length; i++) {
          assertEquals(expected[i], parameter.values()[i], bound, name + " " + i);
        }
        checked++;
      }
    }
    assertEquals(step.equals("step1.") ? 0 : parameters.size(), checked);
  }

  private static void checkMoments(TrainingFixture reference, List<Moments> moments) {
    int checked = 0;
    for (Moments remembered : moments) {
      String name = BertFixture.originalName(remembered.parameter().name());
      if (reference.has("step4.m." + name)) {
        compare("step4.m.", name, other -> reference.get(other).array(), remembered.first());
        compare("step4.v.", name, other -> reference.get(other).array(), remembered.second());
        checked++;
      }
    }
    assertEquals(moments.size() - 1, checked);
  }

  private Map<String, float[]> gradients(int threadCount, int textsPerPass) throws IOException {
    BertFixture fixture = BertFixture.open("bert-cosent");
    Path file = fixture.writeModel(folder.resolve("model.safetensors"));
    try (TrainableModel model = TrainableModel.open(file, threadCount, Memory.KEEP)) {
      BatchGradients gradients = BatchGradients.cached(model, new CoSent(), textsPerPass);
      gradients.add(texts(fixture), 2, labels(fixture.reference().facts()), List.of(), 1);
      return model.parameters().stream()
          .collect(Collectors.toMap(Parameter::name, Parameter::gradient));
    }
  }

  /** The largest difference is that of sums in another order. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 6, 11})
  void partsGiveTheGradientsOfTheWhole(int textsPerPass) throws IOException {
    Map<String, float[]> whole = gradients(1, 12);
    Map<String, float[]> parts = gradients(1, textsPerPass);
    compareAll(whole, parts);
  }

  private static void compareAll(Map<String, float[]> expected, Map<String, float[]> found) {
    found.forEach(
        (name, gradient) -> compare("", name, other -> doubles(expected.get(other)), gradient));
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 12})
  void theNumberOfThreadsDoesNotMatter(int textsPerPass) throws IOException {
    Map<String, float[]> one = gradients(1, textsPerPass);
    Map<String, float[]> two = gradients(2, textsPerPass);
    one.forEach((name, expected) -> assertArrayEquals(expected, two.get(name), name));
  }

  /** A loss that is a mean over lines: twice 8 texts with half the weight are 16. */
  @Test
  void twoHalvesAreAWholeStep() throws IOException {
    BertFixture fixture = BertFixture.open("bert-mse");
    Path file = fixture.writeModel(folder.resolve("model.safetensors"));
    List<int[]> texts = new ArrayList<>(fixture.column("a"));
    texts.addAll(fixture.column("b"));
    texts.addAll(BertFixture.open("bert-cosent").column("b").subList(0, 4));
    double[] values = new double[texts.size() * 32];
    Random random = new Random(5);
    Arrays.setAll(values, i -> random.nextGaussian());
    SentenceVectors teacher = new SentenceVectors(16, 32, values);
    Map<String, float[]> whole = distilled(file, List.of(texts), List.of(teacher));
    Map<String, float[]> halves =
        distilled(
            file,
            List.of(texts.subList(0, 8), texts.subList(8, 16)),
            List.of(rows(teacher, 0, 8), rows(teacher, 8, 16)));
    compareAll(whole, halves);
  }

  private static SentenceVectors rows(SentenceVectors vectors, int from, int to) {
    double[] values =
        Arrays.copyOfRange(vectors.values(), from * vectors.size(), to * vectors.size());
    return new SentenceVectors(to - from, vectors.size(), values);
  }

  private static Map<String, float[]> distilled(
      Path file, List<List<int[]>> batches, List<SentenceVectors> teachers) throws IOException {
    try (TrainableModel model = TrainableModel.open(file, 1, Memory.KEEP)) {
      BatchGradients gradients = BatchGradients.whole(model, EmbedDistill.mse());
      for (int i = 0; i < batches.size(); i++) {
        PackedTexts texts = BertFixture.packed(batches.get(i));
        gradients.add(texts, 1, NONE, List.of(teachers.get(i)), 1.0 / batches.size());
      }
      return model.parameters().stream()
          .collect(Collectors.toMap(Parameter::name, Parameter::gradient));
    }
  }
}
