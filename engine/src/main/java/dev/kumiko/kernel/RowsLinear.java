package dev.kumiko.kernel;

import java.util.Arrays;

/** A linear layer for plain Java that multiplies float inputs with its rows of weights. */
abstract class RowsLinear implements Linear, WeightRows {
  /** Outputs in a line of the cache. */
  private static final int LINE = 16;

  private final int inputs;
  private final int outputs;
  private final float[] bias;

  RowsLinear(float[] bias, int outputs, int inputs) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.bias = Arrays.copyOf(bias, outputs);
  }

  /** Sets the bias of consecutive outputs. */
  public void setBias(int first, float[] values) {
    System.arraycopy(values, 0, bias, first, values.length);
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public int outputsTogether() {
    return LINE;
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
    BlockedProduct.apply(
        BlockedProduct.INNER_BLOCK, this, bias, x, xOffset, rows, first, end, y, yOffset, scratch);
  }
}
