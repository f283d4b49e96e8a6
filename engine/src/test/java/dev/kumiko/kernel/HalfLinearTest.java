package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Layers with 16-bit weights give the bits that the same weights give as floats, on every backend.
 * What a pattern of bits is as a float, the JDK says.
 */
class HalfLinearTest {
  private static final int PATTERNS = 1 << Short.SIZE;

  private final Scratch scratch = new Scratch();

  private static float jdk(HalfType type, short bits) {
    return type == HalfType.BF16 ? Float.intBitsToFloat(bits << 16) : Float.float16ToFloat(bits);
  }

  private static boolean isFinite(HalfType type, short bits) {
    return Float.isFinite(jdk(type, bits));
  }

  @ParameterizedTest
  @EnumSource
  void everyFinitePatternIsTheFloatThatTheJdkSaysItIs(HalfType type) {
    int finite = 0;
    for (int pattern = 0; pattern < PATTERNS; pattern++) {
      short bits = (short) pattern;
      if (isFinite(type, bits)) {
        finite++;
        assertBits("pattern " + pattern, jdk(type, bits), type.widen(bits));
        short[] row = {1, bits, 1};
        float[] wide = {7, 7, 7};
        type.widen(row, 1, 2, wide);
        assertBits("pattern " + pattern, jdk(type, bits), wide[1]);
        assertEquals(7, wide[0] * wide[2] / 7, "neighbours stay");
      }
    }
    // All but one exponent in 256, or in 32.
    assertEquals(PATTERNS - PATTERNS / (type == HalfType.BF16 ? 256 : 32), finite);
  }

  /** Each pattern alone meets an input of 1, so that the result is the weight. */
  @ParameterizedTest
  @EnumSource
  void everyFinitePatternComesOutOfALayer(HalfType type) {
    int inputs = 64;
    int outputs = PATTERNS / inputs;
    short[] weight = new short[PATTERNS];
    for (int pattern = 0; pattern < PATTERNS; pattern++) {
      weight[pattern] = isFinite(type, (short) pattern) ? (short) pattern : 0;
    }
    for (Kernels kernels : KernelParityTest.backends().map(named -> named.getPayload()).toList()) {
      HalfLinear linear = kernels.half(type, outputs, inputs);
      linear.setOutputs(0, outputs, weight, 0);
      // Widened in registers, and once for all rows.
      for (int rows : new int[] {1, 4, inputs}) {
        for (int first = 0; first < inputs; first += rows) {
          float[] x = new float[rows * inputs];
          for (int row = 0; row < rows; row++) {
            x[row * inputs + first + row] = 1;
          }
          float[] y = apply(linear, x, rows);
          for (int row = 0; row < rows; row++) {
            for (int out = 0; out < outputs; out++) {
              short bits = weight[out * inputs + first + row];
              // A sum that begins with zero turns -0 into 0.
              assertBits(kernels.name(), jdk(type, bits) + 0f, y[row * outputs + out]);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theBitsAreThoseOfTheSameWeightsAsFloats(HalfType type) {
    Random random = new Random(4);
    for (int[] size : new int[][] {{1, 1}, {5, 33}, {31, 16}, {384, 50}, {401, 40}, {1536, 96}}) {
      int inputs = size[0];
      int outputs = size[1];
      short[] weight = new short[outputs * inputs];
      float[] wide = new float[weight.length];
      for (int i = 0; i < weight.length; i++) {
        float value = (float) (0.05 * random.nextGaussian());
        weight[i] =
            type == HalfType.BF16
                ? (short) (Float.floatToRawIntBits(value) >> 16)
                : Float.floatToFloat16(value);
        wide[i] = jdk(type, weight[i]);
      }
      float[] bias = values(outputs, random);
      for (Kernels kernels :
          KernelParityTest.backends().map(named -> named.getPayload()).toList()) {
        Linear floats = kernels.linear(wide, bias, outputs, inputs);
        HalfLinear halves = kernels.half(type, outputs, inputs);
        halves.setOutputs(0, outputs, weight, 0);
        halves.setBias(0, bias);
        assertEquals(floats.outputsTogether(), halves.outputsTogether());
        for (int rows : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 32, 33, 64, 257}) {
          float[] x = values(rows * inputs, random);
          float[] expected = apply(floats, x, rows);
          String what =
              "%s, %s, %d rows, %d to %d".formatted(kernels.name(), type, rows, inputs, outputs);
          assertSame(what, expected, apply(halves, x, rows));
          float[] shared = new float[expected.length];
          int together = halves.outputsTogether();
          int border = outputs / 2 / together * together;
          halves.apply(x, 0, rows, border, outputs, shared, 0, scratch);
          halves.apply(x, 0, rows, 0, border, shared, 0, scratch);
          assertSame(what + ", by outputs", expected, shared);
        }
      }
    }
  }

  private float[] apply(Linear linear, float[] x, int rows) {
    float[] y = new float[rows * linear.outputs()];
    linear.apply(x, 0, rows, y, 0, scratch);
    return y;
  }

  private static float[] values(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void assertSame(String what, float[] expected, float[] actual) {
    int different = Arrays.mismatch(bits(expected), bits(actual));
    assertEquals(-1, different, () -> what + ": element " + different + " differs");
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  private static void assertBits(String what, float expected, float actual) {
    assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(actual), what);
  }
}
