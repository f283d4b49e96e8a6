package dev.kumiko.kernel;

/**
 * A linear layer in plain Java whose input is quantised for each row. Floats hold the integers:
 * their products and sums stay below 2^24 and so are exact.
 */
public final class IntegerProduct {
  /** So many quantised rows stay in cache. */
  private static final int ROW_BLOCK = 64;

  private IntegerProduct() {}

  /**
   * Computes {@code y = x W + b}.
   *
   * @param weights {@code [input.size()][outputs]}, integers
   * @param scales {@code [at least outputs]}, a weight's value is its integer times its scale
   * @param bias {@code [at least outputs]}
   * @param x {@code [rows][input.size()]} from {@code xOffset}
   * @param first the first output that is computed
   * @param end the end of the outputs that are
   * @param y {@code [rows][outputs]} from {@code yOffset}
   */
  public static void apply(
      WeightRows weights,
      float[] scales,
      float[] bias,
      Int8Input input,
      float[] x,
      int xOffset,
      int rows,
      int first,
      int end,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int inputs = input.size();
    int outputs = weights.outputs();
    assert Shapes.range("outputs", first, end, outputs);
    assert Shapes.linear(inputs, outputs, x, xOffset, rows, y, yOffset);
    float[] quantized = scratch.quantized(Math.min(rows, ROW_BLOCK) * inputs);
    float[] rowScales = scratch.rowScales(ROW_BLOCK);
    float[] none = scratch.zeros(outputs);
    for (int row = 0; row < rows; row += ROW_BLOCK) {
      int count = Math.min(ROW_BLOCK, rows - row);
      for (int r = 0; r < count; r++) {
        int from = xOffset + (row + r) * inputs;
        rowScales[r] = quantize(input, x, from, quantized, r * inputs);
      }
      int to = yOffset + row * outputs;
      BlockedProduct.apply(inputs, weights, none, quantized, 0, count, first, end, y, to, scratch);
      for (int r = 0; r < count; r++) {
        rescale(y, to + r * outputs, first, end, rowScales[r], scales, bias);
      }
    }
  }

  /** Quantises a row to integers and returns its scale. */
  private static float quantize(Int8Input input, float[] x, int from, float[] q, int to) {
    float[] factors = input.factors();
    float largest = Int8Input.SMALLEST;
    for (int i = 0; i < factors.length; i++) {
      largest = Math.max(largest, Math.abs(x[from + i] * factors[i]));
    }
    float inverse = input.limit() / largest;
    for (int i = 0; i < factors.length; i++) {
      q[to + i] =
          Fma.fma(x[from + i] * factors[i], inverse, Approximation.ROUND) - Approximation.ROUND;
    }
    return largest / input.limit();
  }

  private static void rescale(
      float[] y, int from, int first, int end, float rowScale, float[] scales, float[] bias) {
    for (int i = first; i < end; i++) {
      y[from + i] = Fma.fma(y[from + i] * rowScale, scales[i], bias[i]);
    }
  }
}
