package dev.kumiko.train.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.train.optimize.Schedule.Shape;
import dev.kumiko.train.parallel.Threads;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  private final Threads threads = new Threads(2);

  @AfterEach
  void close() {
    threads.close();
  }

  private static Parameter parameter(float... gradient) {
    Parameter parameter =
        new Parameter("p", Kind.WEIGHT, 1, gradient.length, new float[gradient.length]);
    System.arraycopy(gradient, 0, parameter.gradient(), 0, gradient.length);
    return parameter;
  }

  private static Optimizer optimizer(List<Parameter> parameters, double largestNorm) {
    return new Optimizer(
        parameters,
        Rates.of(1),
        new Schedule(Shape.LINEAR, 2, 4),
        AdamW.Settings.weightDecay(0),
        largestNorm);
  }

  @Test
  void theNormIsOfAllGradientsTogether() {
    GradientNorm norm =
        new GradientNorm(List.of(parameter(1, 2, 4), parameter(2, 4, 10, 20), parameter(22)));
    assertEquals(Math.sqrt(1 + 4 + 16 + 4 + 16 + 100 + 400 + 484), norm.measure(threads));
  }

  /** In single precision the small ones would be lost beside the large one. */
  @Test
  void theNormIsExactInDoublePrecision() {
    float[] gradient = new float[100_003];
    Arrays.fill(gradient, 1);
    gradient[0] = 1e5f;
    assertEquals(
        Math.sqrt(1e10 + 100_002), new GradientNorm(List.of(parameter(gradient))).measure(threads));
  }

  @Test
  void clippingIsPyTorchs() {
    assertEquals(1, GradientNorm.factor(0.5, 1));
    assertEquals(1 / (4 + 1e-6), GradientNorm.factor(4, 1));
    assertEquals(1, GradientNorm.factor(1e9, 0));
    assertEquals(1, GradientNorm.factor(0, 1));
  }

  @Test
  void theMomentsSeeClippedGradients() {
    Parameter parameter = parameter(3, 4);
    Optimizer optimizer = optimizer(List.of(parameter), 1);
    assertEquals(5, optimizer.step(threads));
    float[] first = optimizer.adamW().moments().getFirst().first();
    assertEquals(0.1 * 3 / 5, first[0], 1e-7);
    assertEquals(0.1 * 4 / 5, first[1], 1e-7);
  }

  @Test
  void theFirstStepOfAWarmUpChangesTheMomentsAlone() {
    Parameter parameter = parameter(1);
    Optimizer optimizer = optimizer(List.of(parameter), 0);
    assertEquals(0, optimizer.rateFactor());
    optimizer.step(threads);
    assertEquals(0, parameter.values()[0]);
    assertEquals(1, optimizer.adamW().steps());
    assertEquals(0, parameter.gradient()[0]);
    assertEquals(0.5, optimizer.rateFactor());
    parameter.gradient()[0] = 1;
    optimizer.step(threads);
    assertEquals(-0.5, parameter.values()[0], 1e-6);
  }

  @Test
  void gradientsWithoutALengthChangeNothing() {
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      Parameter parameter = parameter(1, bad, 2);
      Optimizer optimizer = optimizer(List.of(parameter), 1);
      assertTrue(!Double.isFinite(optimizer.step(threads)));
      assertArrayEquals(new float[3], parameter.values());
      assertArrayEquals(new float[] {1, bad, 2}, parameter.gradient());
      assertArrayEquals(new float[3], optimizer.adamW().moments().getFirst().first());
      assertEquals(0, optimizer.adamW().steps());
    }
    assertThrows(IllegalArgumentException.class, () -> optimizer(List.of(), -1));
  }
}
