package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.PANEL;

import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.Scratch;
import java.util.Arrays;

/** A linear layer with its weights in panels {@code [outputs / PANEL][inputs][PANEL]}. */
final class VectorLinear implements Linear {
  /** So many input rows stay in the second-level cache while all panels pass over them. */
  private static final int ROW_BLOCK = 192;

  private final int inputs;
  private final int outputs;
  private final float[] panels;
  private final float[] bias;

  VectorLinear(float[] weight, float[] bias, int outputs, int inputs) {
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
    for (int row = 0; row < rows; row += ROW_BLOCK) {
      int count = Math.min(ROW_BLOCK, rows - row);
      for (int column = 0; column < outputs; column += PANEL) {
        Tiles.multiply(
            x,
            xOffset + row * inputs,
            inputs,
            count,
            panels,
            column * inputs,
            inputs,
            bias,
            column,
            y,
            yOffset + row * outputs + column,
            outputs,
            outputs - column);
      }
    }
  }
}
