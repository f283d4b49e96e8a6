package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;
import static dev.kumiko.kernel.vector.Species.PANEL;

import dev.kumiko.kernel.Scratch;
import jdk.incubator.vector.FloatVector;

/**
 * {@code g' x}. The gradient's columns are laid like rows of an input, and the rows of x are the
 * weights, one panel of them at a time.
 */
final class VectorOuterProducts {
  /** So many outputs at a time: a block of their columns stays in the second-level cache. */
  private static final int OUTPUT_BLOCK = 256;

  private VectorOuterProducts() {}

  static void add(
      float[] gradient,
      int outputs,
      int first,
      int end,
      float[] x,
      int inputs,
      int rows,
      float[] target,
      int to,
      Scratch s) {
    int block = Tiles.innerBlock(rows);
    for (int output = first; output < end; output += OUTPUT_BLOCK) {
      int count = Math.min(OUTPUT_BLOCK, end - output);
      Window sums = new Window(target, to + (output - first) * inputs, inputs);
      for (int row = 0; row < rows; row += block) {
        int inner = Math.min(block, rows - row);
        LaidRows laid =
            RowTiles.layColumns(gradient, row * outputs + output, outputs, count, inner, s);
        for (int column = 0; column < inputs; column += PANEL) {
          int columns = inputs - column;
          float[] panel = panel(x, row * inputs + column, inputs, inner, columns, s);
          Tiles.multiplyBlock(laid, 0, inner, panel, 0, sums, sums, column, s);
        }
      }
    }
  }

  private static float[] panel(float[] x, int from, int stride, int inner, int columns, Scratch s) {
    float[] panel = s.panel(inner * PANEL);
    if (columns < PANEL) {
      for (int k = 0; k < inner; k++) {
        System.arraycopy(x, from + k * stride, panel, k * PANEL, columns);
      }
      return panel;
    }
    for (int k = 0; k < inner; k++) {
      int row = from + k * stride;
      FloatVector.fromArray(FLOATS, x, row).intoArray(panel, k * PANEL);
      FloatVector.fromArray(FLOATS, x, row + LANES).intoArray(panel, k * PANEL + LANES);
    }
    return panel;
  }
}
