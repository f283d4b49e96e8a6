package dev.kumiko.kernel;

/** A linear layer with 16-bit weights {@code short[inputs][outputs]} for plain Java. */
final class ScalarHalfLinear extends RowsLinear implements HalfLinear {
  private final HalfType type;
  private final short[][] weights;

  ScalarHalfLinear(HalfType type, int outputs, int inputs) {
    super(new float[outputs], outputs, inputs);
    this.type = type;
    this.weights = new short[inputs][outputs];
  }

  @Override
  public void setOutputs(int first, int count, short[] weight, int from) {
    int inputs = inputs();
    for (int out = first; out < first + count; out++) {
      int row = from + (out - first) * inputs;
      for (int k = 0; k < inputs; k++) {
        weights[k][out] = weight[row + k];
      }
    }
  }

  @Override
  public float[] row(int input, int first, int end, float[] memory) {
    type.widen(weights[input], first, end, memory);
    return memory;
  }
}
