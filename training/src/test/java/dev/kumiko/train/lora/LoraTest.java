package dev.kumiko.train.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.train.TrainingFixture;
import dev.kumiko.train.parallel.Threads;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import dev.kumiko.train.random.SeededRandom;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoraTest {
  private static final Pattern ALL = Pattern.compile("");

  private final Threads threads = new Threads(2);

  @AfterEach
  void close() {
    threads.close();
  }

  private static Parameter weight(String name, int rows, int columns, long seed) {
    SeededRandom random = new SeededRandom(seed);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Parameter(name, Kind.WEIGHT, rows, columns, values);
  }

  /** y = x W' with the composed W, and the gradients that follow from dW = dy' x. */
  @Test
  void equalsTheReference() {
    TrainingFixture reference = TrainingFixture.open("operations");
    int texts = 5;
    int inputs = 7;
    int outputs = 6;
    Parameter w =
        new Parameter("w", Kind.WEIGHT, outputs, inputs, reference.get("lora.weight").floats());
    Lora lora = Lora.attach(List.of(w), ALL, 2, 4, new SeededRandom(1));
    Parameter a = lora.parameters().get(0);
    Parameter b = lora.parameters().get(1);
    System.arraycopy(reference.get("lora.a").floats(), 0, a.values(), 0, 2 * inputs);
    System.arraycopy(reference.get("lora.b").floats(), 0, b.values(), 0, 2 * outputs);
    lora.compose(threads);
    double[] x = reference.get("lora.x").array();
    double[] dy = reference.get("lora.dy").array();
    double[] y = new double[texts * outputs];
    double[] dx = new double[texts * inputs];
    for (int t = 0; t < texts; t++) {
      for (int o = 0; o < outputs; o++) {
        for (int i = 0; i < inputs; i++) {
          y[t * outputs + o] += x[t * inputs + i] * w.values()[o * inputs + i];
          dx[t * inputs + i] += dy[t * outputs + o] * w.values()[o * inputs + i];
          w.gradient()[o * inputs + i] += (float) (dy[t * outputs + o] * x[t * inputs + i]);
        }
      }
    }
    lora.propagate(threads);
    compare(reference.get("lora.y").array(), y);
    compare(reference.get("lora.d.x").array(), dx);
    compare(reference.get("lora.d.a").array(), doubles(a.gradient()));
    compare(reference.get("lora.d.b").array(), doubles(b.gradient()));
    assertArrayEquals(new float[outputs * inputs], w.gradient());
  }

  private static double[] doubles(float[] floats) {
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  private static void compare(double[] expected, double[] actual) {
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-6 * largest);
    }
  }

  /** Compared as bits: a zero with a sign keeps it. */
  @Test
  void aZeroBChangesNothing() {
    Parameter w = weight("w", 5, 9, 1);
    w.values()[3] = -0.0f;
    w.values()[4] = Float.MIN_VALUE;
    float[] before = w.values().clone();
    Lora lora = Lora.attach(List.of(w), ALL, 3, 16, new SeededRandom(1));
    lora.compose(threads);
    for (int i = 0; i < before.length; i++) {
      assertEquals(
          Float.floatToRawIntBits(before[i]), Float.floatToRawIntBits(w.values()[i]), "" + i);
    }
  }

  /** What is merged is what the model computed with: the sum does not depend on the way to it. */
  @Test
  void theMatrixHoldsTheSumHoweverOftenItIsComposed() {
    Parameter w = weight("w", 5, 9, 1);
    Lora lora = Lora.attach(List.of(w), ALL, 3, 16, new SeededRandom(1));
    Parameter b = lora.parameters().get(1);
    b.values()[2] = 1e8f;
    lora.compose(threads);
    System.arraycopy(weight("b", 5, 3, 2).values(), 0, b.values(), 0, 15);
    lora.compose(threads);
    float[] merged = w.values().clone();
    try (Threads one = new Threads(1)) {
      lora.compose(one);
    }
    assertArrayEquals(merged, w.values());
    Parameter directly = weight("w", 5, 9, 1);
    Lora other = Lora.attach(List.of(directly), ALL, 3, 16, new SeededRandom(1));
    System.arraycopy(b.values(), 0, other.parameters().get(1).values(), 0, 15);
    other.compose(threads);
    assertArrayEquals(merged, directly.values());
  }

  @Test
  void aBeginsUniformFromTheSeed() {
    Parameter w = weight("w", 40, 64, 1);
    float[] a =
        Lora.attach(List.of(w), ALL, 32, 16, new SeededRandom(1)).parameters().get(0).values();
    double square = 0;
    for (float value : a) {
      assertTrue(Math.abs(value) <= 1 / 8.0);
      square += value * value;
    }
    // Variance of a uniform number within +-1/8, from 2,048 draws.
    assertEquals(1 / 64.0 / 3, square / a.length, 0.1 / 64 / 3);
    assertArrayEquals(
        a,
        Lora.attach(List.of(weight("w", 40, 64, 1)), ALL, 32, 16, new SeededRandom(1))
            .parameters()
            .get(0)
            .values());
  }

  @Test
  void allElseIsFrozen() {
    Parameter query = weight("layer.0.query.weight", 4, 4, 1);
    Parameter key = weight("layer.0.key.weight", 4, 4, 1);
    Parameter bias = new Parameter("layer.0.query.bias", Kind.BIAS_OR_NORM, 1, 4, new float[4]);
    Parameter table = new Parameter("query.table", Kind.TABLE, 4, 4, new float[16]);
    Lora lora =
        Lora.attach(
            List.of(query, key, bias, table), Pattern.compile("query"), 2, 4, new SeededRandom(1));
    assertEquals(
        List.of("layer.0.query.weight.lora_A", "layer.0.query.weight.lora_B"),
        lora.parameters().stream().map(Parameter::name).toList());
    assertEquals(
        List.of(false, true, true, true),
        List.of(query, key, bias, table).stream().map(Parameter::isFrozen).toList());
  }

  @Test
  void whatCannotBeAttachedIsRefused() {
    Parameter w = weight("w", 4, 6, 1);
    assertEquals(
        "LoRA for \"query\", but no weight matrix has such a name",
        message(w, Pattern.compile("query"), 2, 4));
    assertEquals("w is 4 x 6, its change can have rank 1 to 4, not 5", message(w, ALL, 5, 4));
    assertEquals("LoRA's alpha is 0.0, expected a positive number", message(w, ALL, 2, 0));
  }

  private static String message(Parameter w, Pattern names, int rank, double alpha) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> Lora.attach(List.of(w), names, rank, alpha, new SeededRandom(1)))
        .getMessage();
  }
}
