package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Linear layers with quantised input: exact sums, and the same result from every backend. */
class IntegerLinearTest {
  private static final int GROUP = 32;
  private static final int LIMIT = 80;

  @ParameterizedTest
  @MethodSource("dev.kumiko.kernel.KernelParityTest#backends")
  void sumsAreExactAtEverySize(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 21);
    for (int outputs : new int[] {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129}) {
      for (int inputs : new int[] {1, 2, 15, 31, 32, 33, 64, 67}) {
        for (int rows : new int[] {0, 1, 2, 3, 4, 5, 8, 9}) {
          check.integerLinear(rows, outputs, inputs, GROUP, LIMIT);
        }
      }
    }
    check.integerLinear(5, 384, 384, GROUP, LIMIT);
    check.integerLinear(3, 384, 1536, GROUP, LIMIT);
    // One row more than the blocks that stay in cache.
    check.integerLinear(65, 33, 67, GROUP, LIMIT);
    check.integerLinear(193, 33, 67, GROUP, LIMIT);
  }

  @ParameterizedTest
  @MethodSource("dev.kumiko.kernel.KernelParityTest#backends")
  void sumsAreExactForEveryGroupSizeAndLimit(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 22);
    for (int groupSize : new int[] {1, 2, 3, 16, 24, 31, 33, 100, 32767}) {
      for (int limit : new int[] {1, 2, 63, 127}) {
        check.integerLinear(5, 67, 100, groupSize, limit);
      }
    }
  }

  /**
   * Sums that reach the last value of 16 bits in every group, from one side, from the other, and in
   * turn; the groups together reach almost 2^24.
   */
  @ParameterizedTest
  @MethodSource("dev.kumiko.kernel.KernelParityTest#backends")
  void sumsOfExtremeValuesAreExact(Kernels kernels) {
    KernelCheck check = new KernelCheck(kernels, 23);
    int outputs = 5;
    for (int limit : new int[] {1, 80, 127}) {
      int groupSize = limit == 1 ? 259 : GROUP;
      for (int inputs : new int[] {groupSize, 7 * groupSize + 5, 512 * groupSize}) {
        for (int signs = 0; signs < 8; signs++) {
          byte[] weight = new byte[outputs * inputs];
          int[] x = new int[2 * inputs];
          for (int i = 0; i < weight.length; i++) {
            int place = i % inputs % groupSize;
            int sum = Short.MAX_VALUE / limit;
            int magnitude = sum / groupSize + (place < sum % groupSize ? 1 : 0);
            weight[i] = (byte) (sign(signs / 3, i % inputs) * magnitude);
          }
          for (int i = 0; i < x.length; i++) {
            x[i] = sign(signs % 3, i % inputs) * limit;
          }
          check.integerLinear(2, outputs, inputs, weight, x, groupSize, limit);
        }
      }
    }
  }

  private static int sign(int kind, int index) {
    return switch (kind) {
      case 0 -> 1;
      case 1 -> -1;
      default -> index % 2 == 0 ? 1 : -1;
    };
  }

  @ParameterizedTest
  @MethodSource("dev.kumiko.kernel.KernelParityTest#backends")
  void allBackendsGiveTheSameBits(Kernels kernels) {
    for (int[] size : new int[][] {{9, 65, 67}, {6, 384, 384}, {1, 5, 1}}) {
      Layer layer = new Layer(size[0], size[1], size[2]);
      float[] plain = layer.apply(new ScalarKernels());
      float[] used = layer.apply(kernels);
      assertArrayEquals(bits(plain), bits(used));
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  /** A quantised input is off by half a step at most, and so much each weight makes of it. */
  @ParameterizedTest
  @MethodSource("dev.kumiko.kernel.KernelParityTest#backends")
  void resultsAreWithinHalfAStepOfEachInput(Kernels kernels) {
    Layer layer = new Layer(9, 65, 67);
    layer.expected().check("integer linear", layer.apply(kernels), 0);
  }

  @ParameterizedTest
  @MethodSource("dev.kumiko.kernel.KernelParityTest#backends")
  void rowsOfZerosGiveTheBias(Kernels kernels) {
    Layer layer = new Layer(3, 65, 67);
    Arrays.fill(layer.x, 0f);
    Arrays.fill(layer.x, 67, 134, 1e-40f);
    float[] y = layer.apply(kernels);
    for (int i = 0; i < y.length; i++) {
      assertEquals(layer.bias[i % 65], y[i], 1e-30f);
    }
  }

  /** As in float arithmetic, what is no number is seen in the result, and only in its row. */
  @ParameterizedTest
  @MethodSource("dev.kumiko.kernel.KernelParityTest#backends")
  void whatIsNoNumberStaysSo(Kernels kernels) {
    Layer layer = new Layer(3, 65, 67);
    float[] before = layer.apply(kernels);
    for (int at : new int[] {67, 133}) {
      for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        float kept = layer.x[at];
        layer.x[at] = value;
        float[] y = layer.apply(kernels);
        layer.x[at] = kept;
        for (int i = 0; i < y.length; i++) {
          if (i / 65 == 1) {
            assertFalse(Float.isFinite(y[i]), "element " + i + " is " + y[i]);
          } else {
            assertEquals(before[i], y[i]);
          }
        }
      }
    }
  }

  @Test
  void theLargestFloatsAreQuantised() {
    Layer layer = new Layer(1, 1, 2);
    Arrays.fill(layer.factors, 1f);
    Arrays.fill(layer.weight, (byte) 1);
    layer.x[0] = Float.MAX_VALUE;
    layer.x[1] = -Float.MAX_VALUE / 2;
    layer.scales[0] = 1e-38f;
    layer.bias[0] = 0;
    float y = layer.apply(KernelChoice.kernels())[0];
    assertTrue(Math.abs(y - Float.MAX_VALUE / 2 * 1e-38f) < 1e-5, "result " + y);
  }

  /** Random values; no group of weights is too large. */
  private static final class Layer {
    private final int rows;
    private final int outputs;
    private final int inputs;
    private final byte[] weight;
    private final float[] scales;
    private final float[] bias;
    private final float[] factors;
    private final float[] x;

    Layer(int rows, int outputs, int inputs) {
      this.rows = rows;
      this.outputs = outputs;
      this.inputs = inputs;
      Random random = new Random(rows);
      this.weight = new byte[outputs * inputs];
      for (int i = 0; i < weight.length; i++) {
        weight[i] = (byte) (random.nextInt(25) - 12);
      }
      this.scales = positive(random, outputs);
      this.bias = positive(random, outputs);
      this.factors = positive(random, inputs);
      this.x = new float[rows * inputs];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
    }

    private static float[] positive(Random random, int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = 0.5f + random.nextFloat();
      }
      return values;
    }

    float[] apply(Kernels kernels) {
      float[] y = new float[rows * outputs];
      Int8Input input = new Int8Input(GROUP, LIMIT, factors);
      Scratch scratch = new Scratch();
      kernels.linear(weight, scales, bias, outputs, input).apply(x, 0, rows, y, 0, scratch);
      return y;
    }

    Expected expected() {
      Expected expected = new Expected(rows * outputs);
      for (int row = 0; row < rows; row++) {
        double largest = 0;
        for (int i = 0; i < inputs; i++) {
          largest = Math.max(largest, Math.abs((double) x[row * inputs + i] * factors[i]));
        }
        for (int out = 0; out < outputs; out++) {
          double sum = bias[out];
          double magnitude = 0;
          for (int i = 0; i < inputs; i++) {
            double value = (double) weight[out * inputs + i] * scales[out];
            sum += (double) x[row * inputs + i] * factors[i] * value;
            magnitude += Math.abs(value);
          }
          double step = largest / LIMIT;
          // What floats round, in quantising and in scaling, is less than a thousandth of that.
          expected.set(row * outputs + out, sum, 0.501 * step * magnitude);
        }
      }
      return expected;
    }
  }
}
