package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.PANEL;

import dev.kumiko.kernel.ChangingLinear;
import dev.kumiko.kernel.Scratch;

/** A linear layer with float weights. */
final class VectorLinear extends PanelLinear implements ChangingLinear {
  /** From so many rows on, reading a panel first costs less than waiting for it in the tiles. */
  private static final int READ_FIRST_ROWS = 40;

  /** Floats in a line of the cache. */
  private static final int LINE = 16;

  private final float[] panels;

  VectorLinear(WarmUp warmUp, int outputs, int inputs) {
    super(warmUp, new float[outputs], outputs, inputs);
    this.panels = new float[Math.multiplyExact(Species.padToPanel(outputs), inputs)];
  }

  @Override
  public void setOutputs(int first, int count, float[] weight, int from) {
    int inputs = inputs();
    for (int out = first; out < first + count; out++) {
      int to = place(out, inputs);
      int row = from + (out - first) * inputs;
      for (int k = 0; k < inputs; k++) {
        panels[to + k * PANEL] = weight[row + k];
      }
    }
  }

  @Override
  public void setInputs(int first, int count, float[] weight, int from) {
    int outputs = outputs();
    for (int column = 0; column < outputs; column += PANEL) {
      int width = Math.min(PANEL, outputs - column);
      int to = offset(column, first);
      for (int k = 0; k < count; k++) {
        System.arraycopy(weight, from + k * outputs + column, panels, to + k * PANEL, width);
      }
    }
  }

  @Override
  void begin(int column, int rows, Scratch scratch) {
    if (rows >= READ_FIRST_ROWS) {
      scratch.keep(read(offset(column, 0)));
    }
  }

  /**
   * Reads a line of a panel after the other, from four places at once, and nothing else: so they
   * come from memory at its speed. Tiles alone ask for them too late, and Java has no prefetch.
   */
  private float read(int from) {
    int quarter = PANEL * inputs() / 4;
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int i = from; i < from + quarter; i += LINE) {
      a += panels[i];
      b += panels[i + quarter];
      c += panels[i + 2 * quarter];
      d += panels[i + 3 * quarter];
    }
    return a + b + c + d;
  }

  @Override
  float[] block(int column, int k, int count, Scratch scratch) {
    return panels;
  }

  @Override
  int offset(int column, int k) {
    return column * inputs() + k * PANEL;
  }

  @Override
  public float[] row(int input, int first, int end, float[] memory) {
    for (int column = first; column < end; column += PANEL) {
      System.arraycopy(
          panels, offset(column, input), memory, column, Math.min(PANEL, outputs() - column));
    }
    return memory;
  }
}
