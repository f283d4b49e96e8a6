package dev.kumiko.kernel;

/**
 * A layer whose weights belong to inputs times factors, as they do where inputs are quantised: it
 * multiplies its input with these first.
 *
 * @param linear the layer
 * @param input where the factors are from
 */
public record WeightedInput(Linear linear, Int8Input input) implements Linear {
  @Override
  public int inputs() {
    return linear.inputs();
  }

  @Override
  public int outputs() {
    return linear.outputs();
  }

  @Override
  public int outputsTogether() {
    return linear.outputsTogether();
  }

  @Override
  public void apply(
      float[] x,
      int xOffset,
      int rows,
      int first,
      int end,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int inputs = linear.inputs();
    float[] factors = input.factors();
    float[] weighted = scratch.quantized(rows * inputs);
    for (int row = 0; row < rows; row++) {
      int from = row * inputs;
      for (int i = 0; i < inputs; i++) {
        weighted[from + i] = x[xOffset + from + i] * factors[i];
      }
    }
    linear.apply(weighted, 0, rows, first, end, y, yOffset, scratch);
  }
}
