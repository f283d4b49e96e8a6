package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.format.Activation;
import dev.kumiko.kernel.vector.ColdKernels;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation of every backend against double precision: the plain kernels, and those the run
 * was started with.
 */
class KernelParityTest {
  /** Up to twice the lanes of the widest vectors, and one. */
  private static final int SIZES = 2 * 16 + 1;

  private static final int[] ROWS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};

  /** The vector backend twice: as it computes at first, and once the JIT has compiled it. */
  static Stream<Named<Kernels>> backends() {
    Stream<Named<Kernels>> scalar = Stream.of(Named.of("scalar", new ScalarKernels()));
    Kernels chosen = KernelChoice.kernels();
    return chosen.name().equals("scalar")
        ? scalar
        : Stream.concat(
            scalar,
            Stream.of(Named.of("vector, cold", ColdKernels.create()), Named.of("vector", chosen)));
  }

  @Test
  void everyOperationHasItsTestHere() {
    Set<String> operations = new TreeSet<>();
    for (Method method : Kernels.class.getDeclaredMethods()) {
      if (!method.isSynthetic()) { // what a coverage tool adds
        operations.add(method.getName());
      }
    }
    assertEquals(
        Set.of(
            "name",
            "vectorBits",
            "tile",
            "plainBecause",
            "linear",
            "changing",
            "half",
            "addOuterProducts",
            "activate",
            "addAndNormalize",
            "attend",
            // What has to do with levels of other modules; tested with one.
            "quantizedLevel",
            "quantizesFast",
            "forModel",
            "worked",
            "close"),
        operations);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void linearAtEverySmallSize(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 1);
    for (int outputs = 1; outputs <= SIZES; outputs++) {
      for (int inputs : new int[] {1, 2, 3, 4, 5, 8, 31}) {
        for (int rows : ROWS) {
          check.linear(rows, outputs, inputs);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void linearAtRealSizes(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 2);
    check.linear(5, 384, 384);
    check.linear(3, 1536, 384);
    check.linear(7, 384, 1536);
    check.linear(13, 127, 67);
    check.linear(2, 128, 33);
    // One row more than the block that stays in cache.
    check.linear(257, 96, 384);
    check.linear(513, 33, 67);
    // Full tiles and a rest, a whole panel and a rest, several blocks of the inner dimension.
    check.linear(27, 65, 901);
    check.linear(0, 33, 67);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void changedWeights(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 21);
    for (int outputs : new int[] {1, 2, 15, 16, 17, 33, 100}) {
      for (int inputs : new int[] {1, 2, 9, 384, 401}) {
        check.changing(3, outputs, inputs);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void halfLinearAtEverySize(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 23);
    for (HalfType type : HalfType.values()) {
      for (int outputs = 1; outputs <= SIZES; outputs++) {
        for (int inputs : new int[] {1, 2, 3, 8, 31}) {
          for (int rows : new int[] {1, 2, 5, 7, 16, 33}) {
            check.halfLinear(type, rows, outputs, inputs);
          }
        }
      }
      check.halfLinear(type, 5, 384, 384);
      check.halfLinear(type, 3, 1536, 384);
      check.halfLinear(type, 7, 384, 1536);
      check.halfLinear(type, 193, 33, 67);
      check.halfLinear(type, 27, 65, 901);
      check.halfLinear(type, 0, 33, 67);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void outerProductsAtEverySize(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 22);
    for (int outputs = 1; outputs <= SIZES; outputs++) {
      for (int inputs : new int[] {1, 3, 16, 17, 33, 70}) {
        for (int rows : new int[] {1, 2, 7, 33}) {
          check.outerProducts(rows, outputs, outputs / 3, outputs, inputs);
        }
      }
    }
    check.outerProducts(450, 300, 0, 300, 70);
    check.outerProducts(1000, 150, 64, 128, 384);
    check.outerProducts(5, 150, 64, 64, 384);
    check.outerProducts(0, 3, 0, 3, 3);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void int8LinearAtEverySize(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 11);
    for (int outputs = 1; outputs <= SIZES; outputs++) {
      for (int inputs : new int[] {1, 2, 3, 4, 5, 8, 31}) {
        for (int rows : new int[] {1, 2, 5, 7, 16, 17}) {
          check.int8Linear(rows, outputs, inputs);
        }
      }
    }
    check.int8Linear(5, 384, 384);
    check.int8Linear(3, 1536, 384);
    check.int8Linear(7, 384, 1536);
    check.int8Linear(193, 33, 67);
    check.int8Linear(27, 65, 901);
    check.int8Linear(0, 33, 67);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void int8LinearOfExtremeWeights(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 12);
    int outputs = 35;
    int inputs = 67;
    float[] scales = new float[outputs];
    Arrays.fill(scales, 0.01f);
    byte[] weight = new byte[outputs * inputs];
    for (int kind = 0; kind < 4; kind++) {
      for (int i = 0; i < weight.length; i++) {
        weight[i] =
            switch (kind) {
              case 0 -> 127;
              case 1 -> -127;
              case 2 -> (byte) (i % 2 == 0 ? 127 : -127);
              default -> -128;
            };
      }
      check.int8Linear(13, outputs, inputs, weight, scales);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void activationsAtEverySmallSize(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 3);
    for (Activation activation : Activation.values()) {
      for (int count = 0; count <= SIZES; count++) {
        check.activate(activation, check.values(count));
      }
      check.activate(activation, check.values(1536));
      check.activate(activation, check.values(67));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void activationsOfExtremeValues(Kernels kernels) {
    float[] edges = {
      0f,
      -0f,
      Float.MIN_VALUE,
      Float.MIN_NORMAL,
      1e-20f,
      Approximation.ERF_LIMIT,
      Approximation.ERF_LIMIT / Approximation.SQRT_HALF,
      Approximation.TANH_LIMIT,
      Approximation.TANH_LIMIT / Approximation.GELU_TANH_SCALE,
      4.5f,
      5.5f,
      10f,
      100f,
      1e4f,
      1e15f,
      1e30f,
      Float.MAX_VALUE
    };
    float[] values = new float[6 * edges.length];
    for (int i = 0; i < edges.length; i++) {
      float[] near = {edges[i], Math.nextUp(edges[i]), Math.nextDown(edges[i])};
      for (int j = 0; j < near.length; j++) {
        float finite = Math.clamp(near[j], -Float.MAX_VALUE, Float.MAX_VALUE);
        values[6 * i + 2 * j] = finite;
        values[6 * i + 2 * j + 1] = -finite;
      }
    }
    KernelCheck check = new KernelCheck(kernels, 4);
    for (Activation activation : Activation.values()) {
      check.activate(activation, values);
    }
  }

  /**
   * Where erf, tanh and the logistic function are one in float arithmetic, nothing of a large value
   * may be left over.
   */
  @ParameterizedTest
  @MethodSource("backends")
  void activationsOfLargeValuesAreExact(Kernels kernels) {
    for (Activation activation : Activation.values()) {
      // The logistic function is one later.
      float one = activation == Activation.SILU ? 90 : 6;
      float[] x = {-one, one, -100f, 100f, -1e30f, 1e30f, Float.NaN};
      kernels.activate(activation, x, 0, x.length);
      assertArrayEquals(new float[] {0, one, 0, 100, 0, 1e30f, Float.NaN}, x, activation.name());
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void layerNormAtAllSizes(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 5);
    int[] sizes =
        IntStream.concat(IntStream.rangeClosed(1, SIZES), IntStream.of(67, 128, 384, 1536))
            .toArray();
    for (int size : sizes) {
      for (int rows : new int[] {0, 1, 2, 13}) {
        for (boolean withResidual : new boolean[] {false, true}) {
          check.addAndNormalize(rows, size, withResidual, 0);
        }
      }
    }
    check.addAndNormalize(193, 384, true, 0);
    check.addAndNormalize(3, 384, true, 100);
    check.addAndNormalize(3, 384, false, -1e4f);
  }

  /** Nothing deviates, so nothing but the bias is left. */
  @ParameterizedTest
  @MethodSource("backends")
  void layerNormOfEqualValuesIsItsBias(Kernels kernels) {
    for (int size : new int[] {1, 7, 33, 384, 1536}) {
      for (float value : new float[] {0f, -0f, 0.5f, -3f, 1024f, 0.1f, -1000.1f, 1e-30f}) {
        float[] gain = new float[size];
        float[] bias = new float[size];
        Arrays.fill(gain, 2f);
        Arrays.fill(bias, 0.25f);
        float[] x = new float[size];
        Arrays.fill(x, value);
        kernels.addAndNormalize(x, null, 0, 1, new LayerNorm(gain, bias, 1e-12f));
        assertArrayEquals(bias, x, 1e-6f, size + " times " + value);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void attentionAtAllSizes(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 6);
    for (int tokens = 1; tokens <= SIZES; tokens++) {
      for (int headSize : new int[] {1, 2, 5, 8, 11, 16, 17, 31, 32, 33, 64}) {
        check.attend(tokens, 2, headSize, 1);
      }
    }
    check.attend(128, 12, 32, 1);
    check.attend(193, 3, 11, 1);
    check.attend(67, 1, 33, 1);
    // A scratch that was grown for a long text serves a short one.
    check.attend(2, 3, 5, 1);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void attentionWithABiasAndInAWindow(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 13);
    for (int tokens = 1; tokens <= SIZES; tokens++) {
      check.attend(tokens, 2, 11, 1, check.distances(Integer.MAX_VALUE, 2, SIZES + 7));
      for (int window : new int[] {1, 2, 7, 8, 31}) {
        check.attend(tokens, 2, 8, 1, new Distances(window, new float[0][]));
        check.attend(tokens, 3, 5, 1, check.distances(window, 3, tokens));
      }
    }
    for (Distances causal :
        new Distances[] {
          new Distances(Integer.MAX_VALUE, 0, new float[0][]), new Distances(7, 0, new float[0][])
        }) {
      for (int tokens = 1; tokens <= 40; tokens++) {
        check.attend(tokens, new Heads(4, 2, 11, 0.3f, 0), 1, causal);
        check.attend(tokens, new Heads(3, 1, 8, 0.4f, 2), 1, causal);
      }
      check.attend(193, new Heads(6, 2, 33, 0.1f, 50), 2, causal);
    }
    check.attend(193, 2, 32, 1, new Distances(64, new float[0][]));
    check.attend(193, 2, 32, 3, new Distances(5, new float[0][]));
    check.attend(130, 2, 33, 1, check.distances(Integer.MAX_VALUE, 2, 512));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void attentionWithLargeScores(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 7);
    for (float spread : new float[] {0f, 1e-30f, 3f, 10f, 30f}) {
      check.attend(19, 2, 32, spread);
      check.attend(34, 2, 11, spread);
    }
  }

  /** The highest score takes all, however high: the scale of three is no float. */
  @ParameterizedTest
  @MethodSource("backends")
  void attentionWithScoresNearTheEndOfFloat(Kernels kernels) {
    for (float size : new float[] {1e5f, 1e10f, 1e20f, 1e30f, 1e38f}) {
      int tokens = 5;
      float[] qkv = new float[tokens * 9];
      for (int t = 0; t < tokens; t++) {
        qkv[t * 9] = 1f;
        qkv[t * 9 + 3] = (t - 3) * size / 3;
        qkv[t * 9 + 6] = t + 1;
      }
      float[] context = new float[tokens * 3];
      kernels.attend(
          qkv, Queries.all(0, tokens), Heads.plain(1, 3), Distances.ANY, context, new Scratch());
      for (int t = 0; t < tokens; t++) {
        assertEquals(5f, context[3 * t], "scores of about " + size);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void scratchOfAnotherSizeDoesNotMatter(Kernels kernels) {
    KernelCheck used = new KernelCheck(kernels, 8);
    for (int tokens : new int[] {40, 1, 7, 41, 2}) {
      used.attend(tokens, 2, 9, 1);
      used.linear(tokens, 50, 3);
      used.attend(3, 1, 64, 1);
      used.linear(2, 3, 50);
    }
  }
}
