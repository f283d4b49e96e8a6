package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Activation;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stated errors of exp, erf and tanh over a dense sweep of floats. The kernels only have them
 * inside of softmax and GELU, from where they are taken back out.
 */
class ApproximationTest {
  /** Numbers between one power of two and the next. */
  private static final int STEPS = 1 << 12;

  private static final double SQRT_HALF = Math.sqrt(0.5);

  private static double gelu(double x) {
    return SQRT_HALF * x;
  }

  private static double geluTanh(double x) {
    return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
  }

  @ParameterizedTest
  @MethodSource("dev.kumiko.kernel.KernelParityTest#backends")
  void erfIsAsExactAsStated(Kernels kernels) {
    checkSigmoid(kernels, Activation.GELU, x -> Erf.erf(gelu(x)));
  }

  @ParameterizedTest
  @MethodSource("dev.kumiko.kernel.KernelParityTest#backends")
  void tanhIsAsExactAsStated(Kernels kernels) {
    checkSigmoid(kernels, Activation.GELU_TANH, x -> StrictMath.tanh(geluTanh(x)));
  }

  /**
   * Takes {@code s} out of {@code x/2 (1 + s(z(x)))} for negative x, where the sum's rounding is
   * relative to the small {@code 1 + s}. What remains beside the stated error: one rounding of the
   * result, and up to four of z, which move s by at most half as much.
   */
  private static void checkSigmoid(
      Kernels kernels, Activation activation, DoubleUnaryOperator expected) {
    double allowed = Reference.ERF_ERROR + 3 * Reference.U;
    for (float power = 0x1p-12f; power < 16; power *= 2) {
      float[] x = new float[STEPS];
      for (int i = 0; i < STEPS; i++) {
        x[i] = -power - power * i / STEPS;
      }
      float[] y = x.clone();
      kernels.activate(activation, y, 0, STEPS);
      for (int i = 0; i < STEPS; i++) {
        double actual = 2.0 * y[i] / x[i] - 1;
        double difference = Math.abs(actual - expected.applyAsDouble(x[i]));
        float at = x[i];
        assertTrue(
            difference <= allowed,
            () -> "%s of %s is off by %s".formatted(activation, at, difference));
      }
    }
  }

  @Test
  void plainExpIsAsExactAsStated() {
    // Every 64th float from -87 to -0x1p-12; above, exp is 1 + x to the last bit.
    int last = Float.floatToRawIntBits(-Approximation.EXP_LOWEST);
    for (int bits = Float.floatToRawIntBits(0x1p-12f); bits <= last; bits += 64) {
      float x = -Float.intBitsToFloat(bits);
      checkRelative(x, Approximation.exp(x), Reference.EXP_ERROR);
    }
    checkRelative(Approximation.EXP_LOWEST, Approximation.exp(-1e30f), Reference.EXP_ERROR);
    checkRelative(0, Approximation.exp(0), 0);
    checkRelative(0, Approximation.exp(-0f), 0);
    checkRelative(-Float.MIN_VALUE, Approximation.exp(-Float.MIN_VALUE), Reference.EXP_ERROR);
  }

  /**
   * Two tokens with the scores 0 and x and the values 0 and 1 give {@code e/(1 + e)}, of which the
   * exponential is at most as far off as that is, and a sum, an inverse and two products.
   */
  @ParameterizedTest
  @MethodSource("dev.kumiko.kernel.KernelParityTest#backends")
  void expInSoftmaxIsAsExactAsStated(Kernels kernels) {
    Scratch scratch = new Scratch();
    float[] qkv = {1, 0, 0, 1, 0, 1};
    float[] context = new float[2];
    for (float x = -1; x >= Approximation.EXP_LOWEST; x -= 0.00173f) {
      qkv[4] = x;
      kernels.attend(qkv, Queries.all(0, 2), Heads.plain(1, 1), Distances.ANY, context, scratch);
      double share = context[0];
      checkRelative(x, share / (1 - share), Reference.EXP_ERROR + 6 * Reference.U);
    }
  }

  private static void checkRelative(float x, double actual, double allowed) {
    double expected = StrictMath.exp(x);
    double difference = Math.abs(actual - expected) / expected;
    assertTrue(
        difference <= allowed,
        () -> "exp(%s) is %s, off by %s of itself".formatted(x, actual, difference));
  }
}
