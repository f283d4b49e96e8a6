package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.PANEL;

import dev.kumiko.kernel.BlockedProduct;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.kernel.WeightRows;
import java.util.Arrays;

/** A linear layer with its weights in panels {@code [outputs / PANEL][inputs][PANEL]}. */
final class VectorLinear implements Linear, WeightRows {
  /** So many input rows stay in the second-level cache while all panels pass over them. */
  private static final int ROW_BLOCK = 256;

  /** From so many rows on, reading a panel first costs less than waiting for it in the tiles. */
  private static final int READ_FIRST_ROWS = 40;

  /** Floats in a line of the cache. */
  private static final int LINE = 16;

  private final WarmUp warmUp;
  private final int inputs;
  private final int outputs;
  private final float[] panels;
  private final float[] bias;

  VectorLinear(WarmUp warmUp, float[] weight, float[] bias, int outputs, int inputs) {
    this.warmUp = warmUp;
    this.inputs = inputs;
    this.outputs = outputs;
    this.bias = Arrays.copyOf(bias, Species.padToPanel(outputs));
    this.panels = pack(weight, outputs, inputs);
  }

  private static float[] pack(float[] weight, int outputs, int inputs) {
    float[] panels = new float[Math.multiplyExact(Species.padToPanel(outputs), inputs)];
    for (int out = 0; out < outputs; out++) {
      int from = out * inputs;
      int to = out / PANEL * PANEL * inputs + out % PANEL;
      for (int k = 0; k < inputs; k++) {
        panels[to + k * PANEL] = weight[from + k];
      }
    }
    return panels;
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
    if (!warmUp.isDone()) {
      warmUp.count((long) rows * inputs * outputs);
      BlockedProduct.apply(
          Tiles.INNER_BLOCK, this, bias, outputs, inputs, x, xOffset, rows, y, yOffset, scratch);
      return;
    }
    for (int row = 0; row < rows; row += ROW_BLOCK) {
      int count = Math.min(ROW_BLOCK, rows - row);
      int from = xOffset + row * inputs;
      float[] tiles = RowTiles.lay(x, from, inputs, count, inputs, scratch);
      for (int column = 0; column < outputs; column += PANEL) {
        if (count >= READ_FIRST_ROWS) {
          scratch.keep(read(column * inputs));
        }
        int to = yOffset + row * outputs + column;
        Tiles.multiply(
            tiles,
            count,
            inputs,
            panels,
            column * inputs,
            bias,
            column,
            y,
            to,
            outputs,
            outputs - column,
            scratch);
      }
    }
  }

  /**
   * Reads a line of a panel after the other, from four places at once, and nothing else: so they
   * come from memory at its speed. Tiles alone ask for them too late, and Java has no prefetch.
   */
  private float read(int from) {
    int quarter = PANEL * inputs / 4;
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
  public float[] row(int input, float[] memory) {
    for (int column = 0; column < outputs; column += PANEL) {
      int from = column * inputs + input * PANEL;
      System.arraycopy(panels, from, memory, column, Math.min(PANEL, outputs - column));
    }
    return memory;
  }
}
