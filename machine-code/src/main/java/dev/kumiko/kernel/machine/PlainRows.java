package dev.kumiko.kernel.machine;

import dev.kumiko.kernel.BlockedProduct;
import dev.kumiko.kernel.Fma;
import dev.kumiko.kernel.Int8Input;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.kernel.WeightRows;

/**
 * What the kernels compute, in plain Java and to the last bit. A row's values times their factors
 * become {@code q = round((value - least) / scale)} from 0 to top, halves to even, with a scale for
 * each row that makes the greatest value top; zero lies in between. Of a value that is no number or
 * not finite the whole row becomes none.
 */
final class PlainRows {
  /** So many quantised rows stay in cache. */
  private static final int ROW_BLOCK = 64;

  private PlainRows() {}

  /** As {@link dev.kumiko.kernel.Linear#apply}. */
  static void apply(
      PackedWeights weights,
      float[] x,
      int xOffset,
      int rows,
      int first,
      int end,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int inputs = weights.inputs();
    int outputs = weights.outputs();
    float[] quantized = scratch.quantized(Math.min(rows, ROW_BLOCK) * inputs);
    float[] headers = scratch.rowScales(2 * ROW_BLOCK);
    WeightRows integers = weights.rows();
    float[] none = scratch.zeros(outputs);
    for (int row = 0; row < rows; row += ROW_BLOCK) {
      int count = Math.min(ROW_BLOCK, rows - row);
      for (int r = 0; r < count; r++) {
        int from = xOffset + (row + r) * inputs;
        quantize(weights.input(), weights.top(), x, from, quantized, r * inputs, headers, 2 * r);
      }
      int to = yOffset + row * outputs;
      BlockedProduct.apply(inputs, integers, none, quantized, 0, count, first, end, y, to, scratch);
      for (int r = 0; r < count; r++) {
        rescale(weights, headers, 2 * r, first, end, y, to + r * outputs);
      }
    }
  }

  private static void rescale(
      PackedWeights weights, float[] header, int at, int first, int end, float[] y, int to) {
    float[] scales = weights.scales();
    float[] sums = weights.sums();
    float[] bias = weights.bias();
    float scale = header[at];
    float least = header[at + 1];
    for (int i = first; i < end; i++) {
      y[to + i] = Fma.fma(Fma.fma(y[to + i], scale, least * sums[i]), scales[i], bias[i]);
    }
  }

  /**
   * Quantises a row.
   *
   * @param q the row's integers from {@code to}
   * @param header scale and least value from {@code at}
   */
  static void quantize(
      Int8Input input, int top, float[] x, int from, float[] q, int to, float[] header, int at) {
    float[] factors = input.factors();
    float least = 0;
    float greatest = Int8Input.SMALLEST;
    float poison = 0;
    for (int i = 0; i < factors.length; i++) {
      float value = x[from + i] * factors[i];
      // Not Math.min, which would keep what is no number.
      least = least < value ? least : value;
      greatest = greatest > value ? greatest : value;
      poison += value * 0f;
    }
    float scale = greatest / top - least / top + poison;
    float inverse = 1f / scale;
    float offset = least * inverse;
    for (int i = 0; i < factors.length; i++) {
      float value = Fma.fma(x[from + i] * factors[i], inverse, -offset);
      q[to + i] = Float.isNaN(value) ? 0f : (float) Math.rint(value);
    }
    header[at] = scale;
    header[at + 1] = least;
  }
}
