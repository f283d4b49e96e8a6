package dev.kumiko.kernel;

import java.util.Arrays;

/** A linear layer with int8 weights and quantised input for plain Java. */
final class ScalarIntegerLinear implements Linear {
  private final Int8Input input;
  private final int outputs;
  private final ScalarInt8Linear integers;
  private final float[] scales;
  private final float[] bias;

  ScalarIntegerLinear(byte[] weight, float[] scales, float[] bias, int outputs, Int8Input input) {
    this.input = input;
    this.outputs = outputs;
    this.scales = Arrays.copyOf(scales, outputs);
    this.bias = Arrays.copyOf(bias, outputs);
    float[] ones = new float[outputs];
    Arrays.fill(ones, 1f);
    this.integers = new ScalarInt8Linear(weight, ones, new float[outputs], outputs, input.size());
  }

  @Override
  public int inputs() {
    return input.size();
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public int outputsTogether() {
    return integers.outputsTogether();
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
    IntegerProduct.apply(
        integers, scales, bias, input, x, xOffset, rows, first, end, y, yOffset, scratch);
  }
}
