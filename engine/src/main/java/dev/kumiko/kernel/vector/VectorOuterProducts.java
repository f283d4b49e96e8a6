package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.PANEL;

import dev.kumiko.kernel.Scratch;

/**
 * {@code g' x}. The gradient's columns are laid like rows of an input, and the rows of x are the
 * weights, one panel of them at a time.
 */
final class VectorOuterProducts {
  /** So many outputs at a time: their columns stay in the second-level cache. */
  private static final int OUTPUT_BLOCK = 128;

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
      float[] tiles = RowTiles.layColumns(gradient, output, outputs, count, rows, s);
      for (int column = 0; column < inputs; column += PANEL) {
        int at = to + (output - first) * inputs + column;
        for (int k = 0; k < rows; k += block) {
          int inner = Math.min(block, rows - k);
          float[] panel = panel(x, k * inputs + column, inputs, inner, inputs - column, s);
          Tiles.multiplyBlock(
              tiles,
              0,
              count,
              count,
              rows,
              k,
              inner,
              panel,
              0,
              target,
              at,
              inputs,
              target,
              at,
              inputs,
              inputs - column,
              s);
        }
      }
    }
  }

  private static float[] panel(float[] x, int from, int stride, int inner, int columns, Scratch s) {
    float[] panel = s.panel(inner * PANEL);
    int width = Math.min(PANEL, columns);
    for (int k = 0; k < inner; k++) {
      System.arraycopy(x, from + k * stride, panel, k * PANEL, width);
    }
    return panel;
  }
}
