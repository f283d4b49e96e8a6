package dev.kumiko.kernel;

import java.util.Arrays;

/** A linear layer with int8 weights {@code byte[inputs][outputs]} for plain Java. */
final class ScalarInt8Linear implements Linear, WeightRows {
  private final int inputs;
  private final int outputs;
  private final byte[][] weights;
  private final float[] scales;
  private final float[] bias;

  ScalarInt8Linear(byte[] weight, float[] scales, float[] bias, int outputs, int inputs) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.scales = Arrays.copyOf(scales, outputs);
    this.bias = Arrays.copyOf(bias, outputs);
    this.weights = new byte[inputs][outputs];
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
    byte[] weight = weights[input];
    for (int i = 0; i < outputs; i++) {
      memory[i] = weight[i] * scales[i];
    }
    return memory;
  }
}
