package dev.kumiko.kernel;

import java.util.Arrays;

/**
 * A linear layer for plain Java. The weights are {@code float[inputs][outputs]}, one array a row:
 * C2 vectorises a loop over separate arrays that share their index, and gives up on one array at
 * several offsets.
 */
final class ScalarLinear implements Linear {
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
    float[][] sums = scratch.rows(2, outputs);
    int row = 0;
    for (; row + 2 <= rows; row += 2) {
      System.arraycopy(bias, 0, sums[0], 0, outputs);
      System.arraycopy(bias, 0, sums[1], 0, outputs);
      int from = xOffset + row * inputs;
      ScalarProduct.twoRows(x, from, from + inputs, inputs, weights, outputs, sums[0], sums[1]);
      System.arraycopy(sums[0], 0, y, yOffset + row * outputs, outputs);
      System.arraycopy(sums[1], 0, y, yOffset + (row + 1) * outputs, outputs);
    }
    if (row < rows) {
      System.arraycopy(bias, 0, sums[0], 0, outputs);
      ScalarProduct.oneRow(x, xOffset + row * inputs, inputs, weights, outputs, sums[0]);
      System.arraycopy(sums[0], 0, y, yOffset + row * outputs, outputs);
    }
  }
}
