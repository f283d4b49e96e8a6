package dev.kumiko.kernel;

/**
 * A linear layer for plain Java. The weights are {@code float[inputs][outputs]}, one array a row:
 * C2 vectorises a loop over separate arrays that share their index, and gives up on one array at
 * several offsets.
 */
final class ScalarLinear extends RowsLinear implements ChangingLinear {
  private final float[][] weights;

  ScalarLinear(int outputs, int inputs) {
    super(new float[outputs], outputs, inputs);
    this.weights = new float[inputs][outputs];
  }

  @Override
  public void setOutputs(int first, int count, float[] weight, int from) {
    int inputs = inputs();
    for (int out = first; out < first + count; out++) {
      int row = from + (out - first) * inputs;
      for (int k = 0; k < inputs; k++) {
        weights[k][out] = weight[row + k];
      }
    }
  }

  @Override
  public void setInputs(int first, int count, float[] weight, int from) {
    int outputs = outputs();
    for (int k = 0; k < count; k++) {
      System.arraycopy(weight, from + k * outputs, weights[first + k], 0, outputs);
    }
  }

  @Override
  public float[] row(int input, int first, int end, float[] memory) {
    return weights[input];
  }
}
