package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.PANEL;

import dev.kumiko.kernel.BlockedProduct;
import dev.kumiko.kernel.Scratch;

/**
 * The product of any number of rows with one panel of weights {@code [inner][PANEL]}, tile by tile.
 * Rows of {@code y} begin at {@code yo}, lie {@code yStride} apart and get {@code columns} values,
 * at most PANEL.
 */
final class Tiles {
  /**
   * Rows of a panel that pass over all rows of x at a time: 24 KB stay in the first-level cache.
   * The same with shorter vectors, so that they and plain Java add up in one order.
   */
  static final int INNER_BLOCK =
      Math.min(BlockedProduct.INNER_BLOCK, 24 * 1024 / (PANEL * Float.BYTES));

  private static final float[] NO_START = new float[PANEL];

  private Tiles() {}

  /**
   * Returns how many rows of a panel to pass over all rows of x at a time. The sums of a whole
   * panel wait in y, and go on from there.
   */
  static int innerBlock(int inner) {
    return Math.min(INNER_BLOCK, inner);
  }

  /**
   * Multiplies one block of the inner dimension, {@code count} values from {@code k} on. The sums
   * begin with a bias if the block is the first, and with those in y if not.
   *
   * @param row the first row, where a tile begins; y begins with it
   * @param end tiles that begin from here on are left out
   * @param rows all rows that were laid
   * @param po where the block's weights begin
   * @param start what the sums begin with, from {@code so}, rows {@code sStride} apart
   */
  static void multiplyBlock(
      float[] tiles,
      int row,
      int end,
      int rows,
      int inner,
      int k,
      int count,
      float[] panels,
      int po,
      float[] start,
      int so,
      int sStride,
      float[] y,
      int yo,
      int yStride,
      int columns,
      Scratch scratch) {
    float[] order = scratch.order();
    int height;
    for (int r = row; r < end; r += height) {
      height = RowTiles.height(rows - r);
      int full = Math.max(height, FloatTile.LOWEST);
      int xo = r * inner + k * full;
      int to = yo + (r - row) * yStride;
      int from = so + (r - row) * sStride;
      if (full == height && columns >= PANEL) {
        FloatTile.packed(
            full, tiles, xo, panels, po, count, start, from, sStride, y, to, yStride, order);
      } else {
        float[] edge = edge(start, from, sStride, height, columns, scratch);
        FloatTile.packed(full, tiles, xo, panels, po, count, edge, 0, PANEL, edge, 0, PANEL, order);
        copy(edge, height, y, to, yStride, columns);
      }
    }
  }

  /**
   * Multiplies rows that lie side by side already, PANEL of them.
   *
   * @param x {@code [inner][PANEL]}, of which the first {@code rows} columns are rows
   */
  static void multiplyColumns(
      float[] x,
      int rows,
      int inner,
      float[] panels,
      int po,
      float[] y,
      int yo,
      int yStride,
      int columns,
      Scratch scratch) {
    float[] order = scratch.order();
    int height;
    for (int r = 0; r < rows; r += height) {
      height = RowTiles.height(rows - r);
      int full = Math.max(height, FloatTile.LOWEST);
      int to = yo + r * yStride;
      if (full == height && columns >= PANEL) {
        FloatTile.panel(full, x, r, panels, po, inner, NO_START, 0, 0, y, to, yStride, order);
      } else {
        float[] edge = edge(NO_START, 0, 0, height, columns, scratch);
        FloatTile.panel(full, x, r, panels, po, inner, edge, 0, PANEL, edge, 0, PANEL, order);
        copy(edge, height, y, to, yStride, columns);
      }
    }
  }

  /** Returns memory for a tile that is not written whole, with what its sums begin with. */
  static float[] edge(float[] start, int so, int sStride, int rows, int columns, Scratch scratch) {
    float[] edge = scratch.edge(FloatTile.HIGHEST * PANEL);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(start, so + r * sStride, edge, r * PANEL, Math.min(columns, PANEL));
    }
    return edge;
  }

  /** Copies what such a tile has written. */
  static void copy(float[] edge, int rows, float[] y, int yo, int yStride, int columns) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(edge, r * PANEL, y, yo + r * yStride, Math.min(columns, PANEL));
    }
  }
}
