package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.format.Activation;
import dev.kumiko.kernel.vector.ColdKernels;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The kernels in use and the plain twins that compute before they are compiled give the same bits:
 * one text has one vector in a process, whenever it comes.
 */
class SameBitsTest {
  private static final Kernels USED = KernelChoice.kernels();
  private static final Kernels COLD =
      USED.name().equals("vector") ? ColdKernels.create() : new ScalarKernels();

  private final Random random = new Random(3);
  private final Scratch scratch = new Scratch();

  private static void assertSame(String what, Function<Kernels, float[]> operation) {
    int[] used = bits(operation.apply(USED));
    int[] cold = bits(operation.apply(COLD));
    int different = Arrays.mismatch(cold, used);
    assertEquals(-1, different, () -> what + ": element " + different + " of " + used.length);
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  private float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private byte[] bytes(int count) {
    byte[] values = new byte[count];
    random.nextBytes(values);
    return values;
  }

  @Test
  void linear() {
    for (int[] size : new int[][] {{1, 1}, {7, 33}, {384, 50}, {401, 40}, {1536, 96}}) {
      int inputs = size[0];
      int outputs = size[1];
      float[] weight = values(outputs * inputs);
      byte[] int8 = bytes(outputs * inputs);
      float[] scales = values(outputs);
      float[] bias = values(outputs);
      for (int rows : new int[] {1, 2, 5, 8, 13, 64}) {
        float[] x = values(rows * inputs);
        String what = rows + " rows, " + inputs + " to " + outputs;
        assertSame(what, k -> apply(k.linear(weight, bias, outputs, inputs), x, rows));
        assertSame(
            "int8, " + what, k -> apply(k.linear(int8, scales, bias, outputs, inputs), x, rows));
      }
    }
  }

  private float[] apply(Linear linear, float[] x, int rows) {
    float[] y = new float[rows * linear.outputs()];
    linear.apply(x, 0, rows, y, 0, scratch);
    return y;
  }

  @Test
  void outerProducts() {
    for (int rows : new int[] {1, 7, 33, 450, 1000}) {
      for (int inputs : new int[] {1, 17, 70}) {
        int outputs = 37;
        float[] gradient = values(rows * outputs);
        float[] x = values(rows * inputs);
        float[] before = values(outputs * inputs);
        assertSame(
            rows + " rows, " + inputs + " inputs",
            kernels -> {
              float[] sums = before.clone();
              kernels.addOuterProducts(
                  gradient, outputs, 0, outputs, x, inputs, rows, sums, 0, scratch);
              return sums;
            });
      }
    }
  }

  @Test
  void attention() {
    for (int tokens : new int[] {1, 2, 9, 33, 130, 700}) {
      for (int headSize : new int[] {4, 33, 64}) {
        attention(tokens, Heads.plain(2, headSize));
        attention(tokens, new Heads(2, 1, headSize, 0.2f, 3));
      }
    }
  }

  private void attention(int tokens, Heads heads) {
    float[] qkv = values(tokens * heads.rowWidth());
    float[][] bias = {values(2 * tokens - 1), values(2 * tokens - 1)};
    for (Distances distances :
        new Distances[] {
          Distances.ANY,
          new Distances(3, new float[0][]),
          new Distances(Integer.MAX_VALUE, 0, new float[0][]),
          new Distances(5, 0, new float[0][]),
          new Distances(Integer.MAX_VALUE, bias)
        }) {
      assertSame(
          "%d tokens, %s, window from %d, bias %s"
              .formatted(tokens, heads, distances.from(tokens), distances.hasBias()),
          kernels -> {
            float[] context = new float[tokens * heads.queryWidth()];
            kernels.attend(qkv, Queries.all(0, tokens), heads, distances, context, scratch);
            return context;
          });
    }
  }

  @Test
  void layerNorm() {
    for (int size : new int[] {1, 3, 15, 16, 17, 66, 384, 1000}) {
      for (boolean centered : new boolean[] {true, false}) {
        layerNorm(size, centered);
      }
    }
  }

  private void layerNorm(int size, boolean centered) {
    LayerNorm norm = new LayerNorm(values(size), values(size), 1e-12f, centered);
    float[] x = values(5 * size);
    float[] residual = values(5 * size);
    assertSame(
        "rows of " + size,
        kernels -> {
          float[] y = x.clone();
          kernels.addAndNormalize(y, residual, 0, 5, norm);
          return y;
        });
  }

  @Test
  void activations() {
    float[] x = values(1003);
    for (int i = 0; i < x.length; i++) {
      x[i] *= 4;
    }
    for (Activation activation : Activation.values()) {
      assertSame(
          activation.toString(),
          kernels -> {
            float[] y = x.clone();
            kernels.activate(activation, y, 0, y.length);
            return y;
          });
    }
  }
}
