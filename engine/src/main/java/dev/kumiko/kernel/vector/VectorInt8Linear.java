package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.BYTES;
import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;
import static dev.kumiko.kernel.vector.Species.PANEL;

import dev.kumiko.kernel.BlockedProduct;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.kernel.WeightRows;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A linear layer with int8 weights in panels {@code [outputs / PANEL][inputs][PANEL]}. Each is
 * widened to float once in a call, a block at a time that stays in the first-level cache, and then
 * serves all rows, so that the product runs at the speed of the float kernel.
 */
final class VectorInt8Linear implements Linear, WeightRows {
  private final WarmUp warmUp;
  private final int inputs;
  private final int outputs;
  private final byte[] panels;
  private final float[] scales;
  private final float[] bias;

  VectorInt8Linear(
      WarmUp warmUp, byte[] weight, float[] scales, float[] bias, int outputs, int inputs) {
    this.warmUp = warmUp;
    this.inputs = inputs;
    this.outputs = outputs;
    this.scales = Arrays.copyOf(scales, Species.padToPanel(outputs));
    this.bias = Arrays.copyOf(bias, Species.padToPanel(outputs));
    this.panels = pack(weight, outputs, inputs);
  }

  private static byte[] pack(byte[] weight, int outputs, int inputs) {
    // A vector of bytes may be longer than LANES: the last one read must not pass the end.
    int size = Math.multiplyExact(Species.padToPanel(outputs), inputs) + BYTES.length();
    byte[] panels = new byte[size];
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
    float[] tiles = RowTiles.lay(x, xOffset, inputs, rows, inputs, scratch);
    int block = Tiles.innerBlock(inputs);
    float[] panel = scratch.panel(block * PANEL);
    for (int column = 0; column < outputs; column += PANEL) {
      for (int k = 0; k < inputs; k += block) {
        int count = Math.min(block, inputs - k);
        widen(column, k, count, panel);
        Tiles.multiplyBlock(
            tiles,
            0,
            rows,
            rows,
            inputs,
            k,
            count,
            panel,
            0,
            bias,
            column,
            y,
            yOffset + column,
            outputs,
            outputs - column,
            scratch);
      }
    }
  }

  /** Writes {@code count} rows of one panel as floats, scales applied. */
  private void widen(int column, int row, int count, float[] panel) {
    FloatVector s0 = FloatVector.fromArray(FLOATS, scales, column);
    FloatVector s1 = FloatVector.fromArray(FLOATS, scales, column + LANES);
    int from = column * inputs + row * PANEL;
    for (int to = 0; to < count * PANEL; to += PANEL) {
      ((FloatVector)
              ByteVector.fromArray(BYTES, panels, from + to)
                  .convertShape(VectorOperators.B2F, FLOATS, 0))
          .mul(s0)
          .intoArray(panel, to);
      ((FloatVector)
              ByteVector.fromArray(BYTES, panels, from + to + LANES)
                  .convertShape(VectorOperators.B2F, FLOATS, 0))
          .mul(s1)
          .intoArray(panel, to + LANES);
    }
  }

  @Override
  public float[] row(int input, float[] memory) {
    for (int column = 0; column < outputs; column += PANEL) {
      int from = column * inputs + input * PANEL;
      int count = Math.min(PANEL, outputs - column);
      for (int i = 0; i < count; i++) {
        memory[column + i] = panels[from + i] * scales[column + i];
      }
    }
    return memory;
  }
}
