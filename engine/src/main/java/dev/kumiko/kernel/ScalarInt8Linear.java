package dev.kumiko.kernel;

import java.util.Arrays;

/** A linear layer with int8 weights {@code byte[inputs][outputs]} for plain Java. */
final class ScalarInt8Linear extends RowsLinear {
  private final byte[][] weights;
  private final float[] scales;

  ScalarInt8Linear(byte[] weight, float[] scales, float[] bias, int outputs, int inputs) {
    super(bias, outputs, inputs);
    this.scales = Arrays.copyOf(scales, outputs);
    this.weights = new byte[inputs][outputs];
    for (int out = 0; out < outputs; out++) {
      for (int k = 0; k < inputs; k++) {
        weights[k][out] = weight[out * inputs + k];
      }
    }
  }

  @Override
  public float[] row(int input, int first, int end, float[] memory) {
    byte[] weight = weights[input];
    for (int i = first; i < end; i++) {
      memory[i] = weight[i] * scales[i];
    }
    return memory;
  }
}
