package dev.kumiko.train.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.format.Json;
import dev.kumiko.train.TrainingFixture;
import dev.kumiko.train.parallel.Threads;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import dev.kumiko.train.random.SeededRandom;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AdamWTest {
  private static final AdamW.Settings DECAYING = AdamW.Settings.weightDecay(0.1);

  private static Parameter parameter(String name, Kind kind, float... values) {
    return new Parameter(name, kind, 1, values.length, values);
  }

  private static void setGradient(Parameter parameter, float... gradient) {
    System.arraycopy(gradient, 0, parameter.gradient(), 0, gradient.length);
  }

  /** Four steps of PyTorch in double precision; here the numbers have 24 bits. */
  @Test
  void equalsPyTorch() throws Exception {
    TrainingFixture reference = TrainingFixture.open("operations");
    Json facts = reference.facts().get("adamw");
    Parameter p = parameter("p", Kind.WEIGHT, reference.get("adamw.p").floats());
    AdamW adamW =
        new AdamW(
            List.of(p),
            Rates.of(facts.get("learning_rate").asDouble()),
            AdamW.Settings.weightDecay(facts.get("weight_decay").asDouble()));
    try (Threads threads = new Threads(1)) {
      for (int step = 0; step < 4; step++) {
        double[] gradient = reference.get("adamw.gradients").row(step);
        for (int i = 0; i < gradient.length; i++) {
          p.gradient()[i] = (float) gradient[i];
        }
        adamW.step(1, 1, threads);
        compare(reference.get("adamw.after").row(step), p.values(), 1e-6);
        compare(reference.get("adamw.m").row(step), adamW.moments().getFirst().first(), 1e-6);
        compare(reference.get("adamw.v").row(step), adamW.moments().getFirst().second(), 1e-6);
      }
    }
    assertEquals(4, adamW.steps());
  }

  private static void compare(double[] expected, float[] actual, double bound) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], bound * Math.max(1, Math.abs(expected[i])));
    }
  }

  @Test
  void biasesAndNormsDoNotDecay() {
    Parameter weight = parameter("w", Kind.WEIGHT, 1);
    Parameter table = parameter("t", Kind.TABLE, 1);
    Parameter bias = parameter("b", Kind.BIAS_OR_NORM, 1);
    AdamW adamW = new AdamW(List.of(weight, table, bias), Rates.of(0.5), DECAYING);
    try (Threads threads = new Threads(1)) {
      adamW.step(1, 1, threads);
    }
    assertEquals(0.95f, weight.values()[0]);
    assertEquals(0.95f, table.values()[0]);
    assertEquals(1, bias.values()[0]);
  }

  /** The first step of Adam moves by the rate, whatever the gradient. */
  @Test
  void aParameterHasItsOwnRate() {
    Parameter weight = parameter("layer.0.w", Kind.WEIGHT, 0);
    Parameter named = parameter("layer.1.w", Kind.WEIGHT, 0);
    Parameter table = parameter("t", Kind.TABLE, 0);
    List<Parameter> all = List.of(weight, named, table);
    for (Parameter parameter : all) {
      setGradient(parameter, -3);
    }
    Rates rates = Rates.of(1).tables(10).named(Pattern.compile("layer\\.1\\."), 0.1);
    try (Threads threads = new Threads(1)) {
      new AdamW(all, rates, AdamW.Settings.weightDecay(0)).step(0.5, 1, threads);
    }
    assertEquals(0.5, weight.values()[0], 1e-7);
    assertEquals(0.05, named.values()[0], 1e-8);
    assertEquals(5, table.values()[0], 1e-6);
  }

  @Test
  void aRateOfZeroFreezes() {
    Parameter first = parameter("layer.0.w", Kind.WEIGHT, 0);
    Parameter second = parameter("layer.1.w", Kind.WEIGHT, 0);
    Parameter table = parameter("t", Kind.TABLE, 0);
    List<Parameter> all = List.of(first, second, table);
    Rates rates = Rates.of(1).tables(0).named(Pattern.compile("^layer\\.0\\."), 0);
    assertEquals(List.of(second), rates.freeze(all));
    assertEquals(List.of(true, false, true), all.stream().map(Parameter::isFrozen).toList());
    IllegalArgumentException noName =
        assertThrows(
            IllegalArgumentException.class,
            () -> Rates.of(1).named(Pattern.compile("layer.9"), 0).freeze(all));
    assertEquals(
        "A learning rate for \"layer.9\", but no parameter has such a name", noName.getMessage());
    IllegalArgumentException none =
        assertThrows(IllegalArgumentException.class, () -> Rates.of(0).freeze(all));
    assertEquals("All 3 parameters are frozen, nothing is left to learn", none.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Rates.of(-1));
    assertThrows(IllegalArgumentException.class, () -> Rates.of(Double.NaN));
  }

  @Test
  void settingsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new AdamW.Settings(1, 0.999, 1e-8, 0));
    assertThrows(IllegalArgumentException.class, () -> new AdamW.Settings(0.9, -1, 1e-8, 0));
    assertThrows(IllegalArgumentException.class, () -> new AdamW.Settings(0.9, 0.999, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> AdamW.Settings.weightDecay(Double.NaN));
  }

  /** Odd sizes around a chunk's, some steps, any number of threads. */
  @Test
  void theNumberOfThreadsDoesNotMatter() {
    float[][] expected = run(1, 3, 3);
    for (int count : new int[] {2, 3, 7}) {
      float[][] values = run(count, 3, 3);
      for (int p = 0; p < values.length; p++) {
        assertArrayEquals(expected[p], values[p]);
      }
    }
  }

  /** Values and moments, stored and restored between steps, give the same bits. */
  @Test
  void aRestoredStateContinuesToTheSameBits() {
    float[][] expected = run(1, 4, 4);
    float[][] stopped = run(1, 4, 2);
    for (int p = 0; p < expected.length; p++) {
      assertArrayEquals(expected[p], stopped[p]);
    }
  }

  /** Some steps with clipped random gradients; the optimiser is replaced after a number of them. */
  private static float[][] run(int threadCount, int steps, int replacedAfter) {
    SeededRandom random = new SeededRandom(8);
    List<Parameter> parameters =
        List.of(
            random("a", Kind.TABLE, 3, 1 << 14, random),
            random("b", Kind.WEIGHT, 7, 5001, random),
            random("c", Kind.BIAS_OR_NORM, 1, 13, random));
    Schedule schedule = new Schedule(Schedule.Shape.COSINE, 2, 6);
    Optimizer optimizer =
        new Optimizer(parameters, Rates.of(0.01).tables(0.1), schedule, DECAYING, 1);
    try (Threads threads = new Threads(threadCount)) {
      for (int step = 0; step < steps; step++) {
        if (step == replacedAfter) {
          Optimizer fresh =
              new Optimizer(parameters, Rates.of(0.01).tables(0.1), schedule, DECAYING, 1);
          restore(optimizer.adamW(), fresh.adamW());
          optimizer = fresh;
        }
        for (Parameter parameter : parameters) {
          fill(parameter.gradient(), random);
        }
        optimizer.step(threads);
        assertArrayEquals(new float[13], parameters.getLast().gradient());
      }
    }
    return parameters.stream().map(Parameter::values).toArray(float[][]::new);
  }

  private static void restore(AdamW from, AdamW to) {
    for (int p = 0; p < from.moments().size(); p++) {
      float[] first = from.moments().get(p).first();
      float[] second = from.moments().get(p).second();
      System.arraycopy(first, 0, to.moments().get(p).first(), 0, first.length);
      System.arraycopy(second, 0, to.moments().get(p).second(), 0, second.length);
    }
    to.resume(from.steps());
  }

  /** Rows are left out that no text has; a matrix of the same values has every value updated. */
  @Test
  void aTableIsUpdatedLikeAMatrix() {
    SeededRandom random = new SeededRandom(8);
    int rows = 3000;
    int columns = 7;
    Parameter table = random("table", Kind.TABLE, rows, columns, random);
    Parameter matrix = new Parameter("m", Kind.WEIGHT, rows, columns, table.values().clone());
    AdamW.Settings settings = AdamW.Settings.weightDecay(0.01);
    try (Threads threads = new Threads(2)) {
      AdamW ofTable = new AdamW(List.of(table), Rates.of(0.01), settings);
      AdamW ofMatrix = new AdamW(List.of(matrix), Rates.of(0.01), settings);
      GradientNorm normOfTable = new GradientNorm(List.of(table));
      GradientNorm normOfMatrix = new GradientNorm(List.of(matrix));
      for (int step = 0; step < 4; step++) {
        int[] used = {-1, 5 * step, 2999, 1234, 1234};
        float[] gradient = table.gradientOf(used);
        for (int row : List.of(5 * step, 2999, 1234)) {
          for (int i = row * columns; i < (row + 1) * columns; i++) {
            gradient[i] += (float) random.nextDouble();
            matrix.gradient()[i] = gradient[i];
          }
        }
        double norm = normOfMatrix.measure(threads);
        assertEquals(norm, normOfTable.measure(threads), 1e-12 * norm);
        ofTable.step(1, 0.5, threads);
        ofMatrix.step(1, 0.5, threads);
        table.clearGradient();
        matrix.clearGradient();
        assertArrayEquals(new float[rows * columns], table.readGradient());
        if (step == 1) {
          AdamW resumed = new AdamW(List.of(table), Rates.of(0.01), settings);
          restore(ofTable, resumed);
          ofTable = resumed;
        }
        assertArrayEquals(matrix.values(), table.values());
      }
    }
  }

  private static Parameter random(
      String name, Kind kind, int rows, int columns, SeededRandom random) {
    float[] values = new float[rows * columns];
    fill(values, random);
    return new Parameter(name, kind, rows, columns, values);
  }

  private static void fill(float[] values, SeededRandom random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
  }
}
