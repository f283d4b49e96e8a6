package dev.kumiko.train.kernel;

import static dev.kumiko.train.Gradients.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.format.Activation;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Queries;
import dev.kumiko.kernel.Scratch;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernels in use against their formulas in double precision, at sizes around whole vectors and
 * at an offset. Around what they may read lies NaN, which would spoil the result.
 */
class GradientKernelsTest {
  private static final int MARGIN = 37;

  private final GradientKernels kernels = GradientKernelChoice.beside(KernelChoice.kernels());
  private final Random random = new Random(1);
  private final Scratch scratch = new Scratch();

  @Test
  void theBackendIsTheForwardPasss() {
    assertEquals(KernelChoice.kernels().name(), kernels.name());
    assertEquals(System.getProperty("kumiko.backend"), kernels.name());
    int bits = KernelChoice.kernels().vectorBits();
    assertEquals(Integer.getInteger("kumiko.vectorBits", bits), bits);
  }

  private float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] guarded(float[] values) {
    float[] guarded = new float[values.length + 2 * MARGIN];
    Arrays.fill(guarded, Float.NaN);
    System.arraycopy(values, 0, guarded, MARGIN, values.length);
    return guarded;
  }

  /** Returns what lies between the margins, which must be as they were. */
  private static float[] inside(float[] guarded) {
    int end = guarded.length - MARGIN;
    for (int i = 0; i < MARGIN; i++) {
      assertEquals(Float.NaN, guarded[i], "before");
      assertEquals(Float.NaN, guarded[end + i], "behind");
    }
    return Arrays.copyOfRange(guarded, MARGIN, end);
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void activation(Activation activation) {
    for (int count : new int[] {1, 7, 8, 9, 15, 16, 17, 33, 101}) {
      float[] x = values(count);
      float[] gradient = values(count);
      double[] expected = new double[count];
      for (int i = 0; i < count; i++) {
        x[i] *= i % 5 == 4 ? 20 : 2;
        expected[i] = gradient[i] * slope(activation, x[i]);
      }
      float[] found = guarded(gradient);
      kernels.activate(activation, guarded(x), found, MARGIN, count);
      assertClose(activation + " of " + count, expected, inside(found));
    }
  }

  private static double slope(Activation activation, double x) {
    double h = 1e-5;
    return switch (activation) {
      case GELU -> gelu(x);
      case GELU_TANH -> (geluTanh(x + h) - geluTanh(x - h)) / (2 * h);
      case RELU -> x > 0 ? 1 : 0;
      case SILU -> (1 + x / (1 + Math.exp(x))) / (1 + Math.exp(-x));
    };
  }

  private static double geluTanh(double x) {
    return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  /** By the series of the normal distribution (Abramowitz and Stegun, 26.2.11). */
  private static double gelu(double x) {
    double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    if (Math.abs(x) > 9) {
      return x > 0 ? 1 : 0;
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 400; n++) {
      term *= x * x / (2 * n + 1);
      sum += term;
    }
    return 0.5 + sum * density + x * density;
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 7, 8, 9, 16, 17, 31, 101, 384})
  void layerNorm(int size) {
    int rows = 3;
    float[] x = values(rows * size);
    for (int i = 0; i < x.length; i++) {
      x[i] += 3;
    }
    float[] gradient = values(rows * size);
    layerNorm(x, gradient, new LayerNorm(values(size), values(size), 1e-5f));
    layerNorm(x, gradient, new LayerNorm(values(size), values(size), 1e-5f, false));
  }

  private void layerNorm(float[] x, float[] gradient, LayerNorm norm) {
    int size = norm.size();
    int rows = x.length / size;
    double[] expected = new double[x.length];
    double[] expectedGains = new double[x.length];
    for (int row = 0; row < rows; row++) {
      layerNorm(x, gradient, row * size, norm, expected, expectedGains);
    }
    float[] found = guarded(gradient);
    float[] gains = guarded(new float[x.length]);
    kernels.normalize(guarded(x), found, gains, MARGIN, rows, norm);
    assertClose("x of " + size, expected, inside(found));
    assertClose("gain of " + size, expectedGains, inside(gains));
  }

  private static void layerNorm(
      float[] x, float[] gradient, int from, LayerNorm norm, double[] dx, double[] gains) {
    int size = norm.size();
    double mean = 0;
    double variance = 0;
    for (int i = from; i < from + size; i++) {
      mean += norm.isCentered() ? (double) x[i] / size : 0;
    }
    for (int i = from; i < from + size; i++) {
      variance += (x[i] - mean) * (x[i] - mean) / size;
    }
    double s = Math.sqrt(variance + norm.epsilon());
    double meanH = 0;
    double meanHn = 0;
    for (int i = 0; i < size; i++) {
      double n = (x[from + i] - mean) / s;
      double h = (double) gradient[from + i] * norm.gain()[i];
      gains[from + i] = gradient[from + i] * n;
      meanH += norm.isCentered() ? h / size : 0;
      meanHn += h * n / size;
    }
    for (int i = 0; i < size; i++) {
      double n = (x[from + i] - mean) / s;
      double h = (double) gradient[from + i] * norm.gain()[i];
      dx[from + i] = (h - meanH - n * meanHn) / s;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 9, 17, 33})
  void attention(int tokens) {
    int far = Integer.MAX_VALUE;
    for (int size : new int[] {1, 4, 8, 9, 32, 33}) {
      Heads plain = Heads.plain(2, size);
      attention(tokens, plain, far, far, false);
      attention(tokens, plain, 3, 3, false);
      attention(tokens, plain, far, far, true);
      attention(tokens, plain, 3, 3, true);
      attention(tokens, plain, far, 0, false);
      attention(tokens, plain, 2, 0, true);
      Heads grouped = new Heads(6, 2, size, 0.4f, 0);
      attention(tokens, grouped, far, 0, false);
      attention(tokens, new Heads(4, 1, size, 0.7f, 1.5f), far, far, false);
      attention(tokens, new Heads(2, 2, size, 0.7f, 0.9f), 4, 0, false);
    }
  }

  private void attention(int tokens, Heads heads, int behind, int ahead, boolean withBias) {
    float[] qkv = values(tokens * heads.rowWidth());
    float[] gradient = values(tokens * heads.queryWidth());
    float[][] bias =
        withBias ? new float[][] {values(2 * tokens + 3), values(2 * tokens + 3)} : new float[0][];
    Distances distances = new Distances(behind, ahead, bias);
    float[] context = new float[gradient.length];
    Queries all = Queries.all(0, tokens);
    KernelChoice.kernels().attend(qkv, all, heads, distances, context, scratch);
    double[] expected = new double[qkv.length];
    float[] found = new float[qkv.length];
    String what =
        "%d tokens, %s, %d behind, %d ahead, bias %s"
            .formatted(tokens, heads, behind, ahead, withBias);
    for (int head = 0; head < heads.queries(); head++) {
      double[] byDistance = new double[2 * tokens - 1];
      attention(qkv, gradient, tokens, head, heads, distances, expected, byDistance);
      float[] foundByDistance = new float[withBias ? 2 * tokens - 1 : 0];
      kernels.attend(
          qkv,
          context,
          gradient,
          0,
          tokens,
          head,
          heads,
          distances,
          found,
          foundByDistance,
          scratch);
      if (withBias) {
        assertClose(what + ": bias", byDistance, foundByDistance, 1);
      }
    }
    assertClose(what, expected, found, 1);
  }

  private static void attention(
      float[] qkv,
      float[] gradient,
      int tokens,
      int head,
      Heads heads,
      Distances distances,
      double[] result,
      double[] byDistance) {
    int size = heads.size();
    int stride = heads.rowWidth();
    double cap = heads.cap();
    for (int t = 0; t < tokens; t++) {
      int q = t * stride + head * size;
      int g = t * heads.queryWidth() + head * size;
      int from = distances.from(t);
      int to = distances.to(t, tokens);
      double[] p = new double[tokens];
      double[] dp = new double[tokens];
      double[] slope = new double[tokens];
      double sum = 0;
      for (int j = from; j < to; j++) {
        int k = j * stride + heads.keyOffset(head);
        int v = j * stride + heads.valueOffset(head);
        double score = 0;
        for (int i = 0; i < size; i++) {
          score += (double) qkv[q + i] * qkv[k + i] * heads.scale();
          dp[j] += (double) gradient[g + i] * qkv[v + i];
        }
        double tanh = cap > 0 ? Math.tanh(score / cap) : 0;
        slope[j] = heads.scale() * (1 - tanh * tanh);
        double bias = distances.hasBias() ? distances.bias(head)[distances.middle() + j - t] : 0;
        p[j] = Math.exp((cap > 0 ? cap * tanh : score) + bias);
        sum += p[j];
      }
      double mean = 0;
      for (int j = from; j < to; j++) {
        p[j] /= sum;
        mean += p[j] * dp[j];
      }
      for (int j = from; j < to; j++) {
        int k = j * stride + heads.keyOffset(head);
        int v = j * stride + heads.valueOffset(head);
        double ds = p[j] * (dp[j] - mean);
        byDistance[tokens - 1 + j - t] += ds;
        for (int i = 0; i < size; i++) {
          result[q + i] += ds * slope[j] * qkv[k + i];
          result[k + i] += ds * slope[j] * qkv[q + i];
          result[v + i] += p[j] * gradient[g + i];
        }
      }
    }
  }
}
