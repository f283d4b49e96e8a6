package dev.kumiko.kernel;

import java.util.Arrays;

/**
 * A linear layer for plain Java. The weights are {@code float[inputs][outputs]}, one array a row:
 * C2 vectorises a loop over separate arrays that share their index, and gives up on one array at
 * several offsets.
 */
final class ScalarLinear implements Linear, WeightRows {
  private final int inputs;
  private final int outputs;
  private final float[][] weights;
  private final float[] bias;

  ScalarLinear(float[] weight, float[] bias, int outputs, int inputs) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.bias = Arrays.copyOf(bias, outputs);
    this.weights = new float[inputs][outputs];
    for (int out = 0; out < outputs; out++) {
      for (int k = 0; k < inputs; k++) {
        weights[k][out] = weight[out * inputs + k];
      }
    }
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
  public void apply(float[] x, int xOffset, int rows, float[] y, int yOffset, Scratch scratch) {
    BlockedProduct.apply(
        BlockedProduct.INNER_BLOCK,
        this,
        bias,
        outputs,
        inputs,
        x,
        xOffset,
        rows,
        y,
        yOffset,
        scratch);
  }

  @Override
  public float[] row(int input, float[] memory) {
    return weights[input];
  }
}
