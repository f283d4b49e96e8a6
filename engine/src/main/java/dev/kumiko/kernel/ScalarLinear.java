package dev.kumiko.kernel;

/**
 * A linear layer for plain Java. The weights are {@code float[inputs][outputs]}, one array a row:
 * C2 vectorises a loop over separate arrays that share their index, and gives up on one array at
 * several offsets.
 */
final class ScalarLinear extends RowsLinear {
  private final float[][] weights;

  ScalarLinear(float[] weight, float[] bias, int outputs, int inputs) {
    super(bias, outputs, inputs);
    this.weights = new float[inputs][outputs];
    for (int out = 0; out < outputs; out++) {
      for (int k = 0; k < inputs; k++) {
        weights[k][out] = weight[out * inputs + k];
      }
    }
  }

  @Override
  public float[] row(int input, int first, int end, float[] memory) {
    return weights[input];
  }
}
