package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.format.Activation;
import java.util.Arrays;
import java.util.Random;

/**
 * Runs one operation of a backend on random data, at an offset that is not zero, and compares every
 * element with {@link Reference}. Around inputs and outputs lies NaN, so that a value read from
 * outside spoils the result, and one written outside is seen.
 */
final class KernelCheck {
  /** No multiple of any number of lanes. */
  private static final int MARGIN = 37;

  private final Kernels kernels;
  private final Random random;
  private final Scratch scratch = new Scratch();

  KernelCheck(Kernels kernels, long seed) {
    this.kernels = kernels;
    this.random = new Random(seed);
  }

  /** Weights are about as small as those of real layers, which keep the size of a row. */
  void linear(int rows, int outputs, int inputs) {
    float[] weight = values(outputs * inputs);
    for (int i = 0; i < weight.length; i++) {
      weight[i] /= (float) Math.sqrt(inputs);
    }
    float[] bias = values(outputs);
    Linear linear = kernels.linear(weight.clone(), bias.clone(), outputs, inputs);
    assertEquals(outputs, linear.outputs());
    assertEquals(inputs, linear.inputs());
    float[] x = guarded(values(rows * inputs));
    float[] y = guarded(values(rows * outputs));
    linear.apply(x, MARGIN, rows, y, MARGIN, scratch);
    String what = "linear of %d rows, %d to %d".formatted(rows, inputs, outputs);
    Reference.linear(x, MARGIN, rows, weight, bias, outputs, inputs).check(what, y, MARGIN);
    checkGuards(what, y, MARGIN, rows * outputs);
  }

  /** The same with 16-bit weights, any that are not above 2 in magnitude, filled in two steps. */
  void halfLinear(HalfType type, int rows, int outputs, int inputs) {
    short[] weight = new short[outputs * inputs];
    float[] wide = new float[weight.length];
    for (int i = 0; i < weight.length; i++) {
      short bits = (short) random.nextInt(1 << Short.SIZE);
      boolean brain = type == HalfType.BF16;
      float value = brain ? Float.intBitsToFloat(bits << 16) : Float.float16ToFloat(bits);
      boolean taken = Math.abs(value) <= 2;
      weight[i] = taken ? bits : 0;
      wide[i] = taken ? value : 0;
    }
    float[] bias = values(outputs);
    HalfLinear linear = kernels.half(type, outputs, inputs);
    int half = outputs / 2;
    linear.setOutputs(half, outputs - half, weight, half * inputs);
    linear.setOutputs(0, half, weight, 0);
    linear.setBias(0, bias);
    assertEquals(outputs, linear.outputs());
    assertEquals(inputs, linear.inputs());
    float[] x = guarded(values(rows * inputs));
    float[] y = guarded(values(rows * outputs));
    linear.apply(x, MARGIN, rows, y, MARGIN, scratch);
    String what = "%s linear of %d rows, %d to %d".formatted(type, rows, inputs, outputs);
    Reference.linear(x, MARGIN, rows, wide, bias, outputs, inputs).check(what, y, MARGIN);
    checkGuards(what, y, MARGIN, rows * outputs);
  }

  /** A layer that is changed output by output, and input by input, is what it is made as. */
  void changing(int rows, int outputs, int inputs) {
    float[] weight = values(outputs * inputs);
    float[] bias = values(outputs);
    float[] x = values(rows * inputs);
    float[] columns = new float[outputs * inputs];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = weight[i % outputs * inputs + i / outputs];
    }
    ChangingLinear byOutputs = kernels.changing(outputs, inputs);
    ChangingLinear byInputs = kernels.changing(outputs, inputs);
    byInputs.setOutputs(0, outputs, values(outputs * inputs), 0); // to be overwritten
    int half = outputs / 2;
    byOutputs.setOutputs(half, outputs - half, weight, half * inputs);
    byOutputs.setOutputs(0, half, weight, 0);
    half = inputs / 2;
    byInputs.setInputs(half, inputs - half, columns, half * outputs);
    byInputs.setInputs(0, half, columns, 0);
    for (ChangingLinear linear : new ChangingLinear[] {byOutputs, byInputs}) {
      linear.setBias(0, bias);
      float[] y = new float[rows * outputs];
      linear.apply(x, 0, rows, y, 0, scratch);
      String what = "changed, %d rows, %d to %d".formatted(rows, inputs, outputs);
      Reference.linear(x, 0, rows, weight, bias, outputs, inputs).check(what, y, 0);
    }
  }

  /** The gradient of some outputs' weights, added to what is there. */
  void outerProducts(int rows, int outputs, int first, int end, int inputs) {
    float[] gradient = values(rows * outputs);
    float[] x = values(rows * inputs);
    int count = (end - first) * inputs;
    float[] y = guarded(values(count));
    String what =
        "outer products of %d rows, %d to %d of %d outputs, %d inputs"
            .formatted(rows, first, end, outputs, inputs);
    Expected expected =
        Reference.outerProducts(y, MARGIN, gradient, outputs, first, end, x, inputs, rows);
    kernels.addOuterProducts(gradient, outputs, first, end, x, inputs, rows, y, MARGIN, scratch);
    expected.check(what, y, MARGIN);
    checkGuards(what, y, MARGIN, count);
  }

  /** Int8 weights over their whole range, with scales that keep the size of a row. */
  void int8Linear(int rows, int outputs, int inputs) {
    byte[] weight = new byte[outputs * inputs];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (byte) (random.nextInt(255) - 127);
    }
    float[] scales = new float[outputs];
    for (int i = 0; i < outputs; i++) {
      scales[i] = (float) ((0.5 + random.nextDouble()) / (64 * Math.sqrt(inputs)));
    }
    int8Linear(rows, outputs, inputs, weight, scales);
  }

  void int8Linear(int rows, int outputs, int inputs, byte[] weight, float[] scales) {
    float[] bias = values(outputs);
    Linear linear = kernels.linear(weight.clone(), scales.clone(), bias.clone(), outputs, inputs);
    assertEquals(outputs, linear.outputs());
    assertEquals(inputs, linear.inputs());
    float[] x = guarded(values(rows * inputs));
    float[] y = guarded(values(rows * outputs));
    linear.apply(x, MARGIN, rows, y, MARGIN, scratch);
    String what = "int8 linear of %d rows, %d to %d".formatted(rows, inputs, outputs);
    Reference.int8Linear(x, MARGIN, rows, weight, scales, bias, inputs).check(what, y, MARGIN);
    checkGuards(what, y, MARGIN, rows * outputs);
  }

  /** Int8 weights that use up what the groups may have, and any quantised input. */
  void integerLinear(int rows, int outputs, int inputs, int groupSize, int limit) {
    byte[] weight = new byte[outputs * inputs];
    for (int out = 0; out < outputs; out++) {
      for (int from = 0; from < inputs; from += groupSize) {
        int end = Math.min(inputs, from + groupSize);
        fill(weight, out * inputs + from, out * inputs + end, Short.MAX_VALUE / limit);
      }
    }
    int[] x = new int[rows * inputs];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(2 * limit + 1) - limit;
    }
    integerLinear(rows, outputs, inputs, weight, x, groupSize, limit);
  }

  /** Adds one to random magnitudes until there is nothing left or no room. */
  private void fill(byte[] weight, int from, int to, int sum) {
    for (int i = Math.min(sum, 127 * (to - from)); i > 0; ) {
      int at = from + random.nextInt(to - from);
      int sign = weight[at] != 0 ? Integer.signum(weight[at]) : random.nextInt(2) * 2 - 1;
      if (Math.abs(weight[at]) < 127) {
        weight[at] += (byte) sign;
        i--;
      }
    }
  }

  /**
   * Compares with sums of 64 bits, without any tolerance.
   *
   * @param x quantised inputs; the first of each row becomes the limit, so that the row's scale is
   *     one and its rounding changes nothing
   */
  void integerLinear(
      int rows, int outputs, int inputs, byte[] weight, int[] x, int groupSize, int limit) {
    float[] factors = new float[inputs];
    for (int i = 0; i < inputs; i++) {
      factors[i] = 1 << random.nextInt(4);
    }
    float[] scales = new float[outputs];
    Arrays.fill(scales, 1f);
    Int8Input input = new Int8Input(groupSize, limit, factors);
    Linear linear = kernels.linear(weight.clone(), scales, new float[outputs], outputs, input);
    assertEquals(outputs, linear.outputs());
    assertEquals(inputs, linear.inputs());
    float[] values = new float[rows * inputs];
    Expected expected = new Expected(rows * outputs);
    for (int row = 0; row < rows; row++) {
      x[row * inputs] = x[row * inputs] < 0 ? -limit : limit;
      for (int i = 0; i < inputs; i++) {
        values[row * inputs + i] = x[row * inputs + i] / factors[i];
      }
      for (int out = 0; out < outputs; out++) {
        long sum = 0;
        for (int i = 0; i < inputs; i++) {
          sum += (long) x[row * inputs + i] * weight[out * inputs + i];
        }
        expected.set(row * outputs + out, (double) sum, 0);
      }
    }
    float[] y = guarded(new float[rows * outputs]);
    linear.apply(guarded(values), MARGIN, rows, y, MARGIN, scratch);
    String what =
        "integer linear of %d rows, %d to %d, groups of %d, limit %d"
            .formatted(rows, inputs, outputs, groupSize, limit);
    expected.check(what, y, MARGIN);
    checkGuards(what, y, MARGIN, rows * outputs);
  }

  void activate(Activation activation, float[] values) {
    float[] x = guarded(values);
    kernels.activate(activation, x, MARGIN, values.length);
    String what = "%s of %d values".formatted(activation, values.length);
    Reference.activate(activation, values, 0, values.length).check(what, x, MARGIN);
    checkGuards(what, x, MARGIN, values.length);
  }

  /**
   * Normalises random rows.
   *
   * @param center mean of the values, whose standard deviation is one
   */
  void addAndNormalize(int rows, int size, boolean withResidual, float center) {
    addAndNormalize(rows, size, withResidual, center, true);
    addAndNormalize(rows, size, withResidual, center, false);
  }

  private void addAndNormalize(
      int rows, int size, boolean withResidual, float center, boolean centered) {
    LayerNorm norm = new LayerNorm(values(size), values(size), 1e-12f, centered);
    float[] values = values(rows * size);
    for (int i = 0; i < values.length; i++) {
      values[i] += center;
    }
    float[] x = guarded(values);
    float[] residual = withResidual ? guarded(values(rows * size)) : null;
    kernels.addAndNormalize(x, residual, MARGIN, rows, norm);
    String what =
        "%s of %d rows of %d around %s, %s residual"
            .formatted(
                centered ? "LayerNorm" : "RMSNorm",
                rows,
                size,
                center,
                withResidual ? "with" : "no");
    float[] before = guarded(values);
    Reference.normalize(before, residual, MARGIN, rows, norm).check(what, x, MARGIN);
    checkGuards(what, x, MARGIN, rows * size);
  }

  /**
   * Attends within random rows.
   *
   * @param spread standard deviation of queries and keys
   */
  void attend(int tokens, int heads, int headSize, float spread) {
    attend(tokens, heads, headSize, spread, Distances.ANY);
  }

  /** Returns random biases for texts of at most so many tokens. */
  Distances distances(int window, int heads, int tokens) {
    float[][] bias = new float[heads][];
    for (int head = 0; head < heads; head++) {
      bias[head] = values(2 * tokens - 1);
    }
    return new Distances(window, bias);
  }

  void attend(int tokens, int heads, int headSize, float spread, Distances distances) {
    attend(tokens, Heads.plain(heads, headSize), spread, distances);
  }

  void attend(int tokens, Heads heads, float spread, Distances distances) {
    int firstRow = 3;
    int hidden = heads.queryWidth();
    int width = heads.rowWidth();
    float[] qkv = new float[(firstRow + tokens + 2) * width];
    Arrays.fill(qkv, Float.NaN);
    for (int row = firstRow; row < firstRow + tokens; row++) {
      for (int i = 0; i < width; i++) {
        qkv[row * width + i] = value() * (i < heads.valueOffset(0) ? spread : 1);
      }
    }
    int contextRow = 1;
    float[] context = new float[(contextRow + tokens + 2) * hidden];
    Arrays.fill(context, Float.NaN);
    // In three calls, as threads that share a text would make them.
    int[] ends = {0, tokens / 3, tokens - tokens / 4, tokens};
    for (int i = 0; i < 3; i++) {
      Queries queries = new Queries(firstRow, tokens, ends[i], ends[i + 1], contextRow + ends[i]);
      kernels.attend(qkv, queries, heads, distances, context, scratch);
    }
    String what = "attention over %d tokens, %s, spread %s".formatted(tokens, heads, spread);
    int from = contextRow * hidden;
    Reference.attend(qkv, firstRow, tokens, heads, distances).check(what, context, from);
    checkGuards(what, context, from, tokens * hidden);
  }

  /** Normally distributed values. */
  float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = value();
    }
    return values;
  }

  private float value() {
    return (float) random.nextGaussian();
  }

  private static float[] guarded(float[] values) {
    float[] array = new float[MARGIN + values.length + MARGIN];
    Arrays.fill(array, Float.NaN);
    System.arraycopy(values, 0, array, MARGIN, values.length);
    return array;
  }

  private static void checkGuards(String what, float[] array, int offset, int count) {
    for (int i = 0; i < array.length; i++) {
      if (i < offset || i >= offset + count) {
        assertEquals(Float.NaN, array[i], what + ": wrote outside, at " + (i - offset));
      }
    }
  }
}
