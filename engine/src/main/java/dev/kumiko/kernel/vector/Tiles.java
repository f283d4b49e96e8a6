package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.PANEL;

import dev.kumiko.kernel.BlockedProduct;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.kernel.Shapes;

/**
 * The product of any number of rows with one panel of weights {@code [inner][PANEL]}, tile by tile.
 */
final class Tiles {
  /**
   * Rows of a panel that pass over all rows of x at a time: 24 KB stay in the first-level cache.
   * The same with shorter vectors, so that they and plain Java add up in one order.
   */
  static final int INNER_BLOCK =
      Math.min(BlockedProduct.INNER_BLOCK, 24 * 1024 / (PANEL * Float.BYTES));

  private static final Window NO_START = new Window(new float[PANEL], 0, 0);

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
   * @param po where the block's weights begin
   * @param start what the sums begin with
   * @param y its rows lie without gaps, so that the stride is their width
   * @param column the panel's first column in start and y
   */
  static void multiplyBlock(
      LaidRows x,
      int k,
      int count,
      float[] panels,
      int po,
      Window start,
      Window y,
      int column,
      Scratch scratch) {
    int columns = Math.min(PANEL, y.stride - column);
    assert Shapes.range("values", k, k + count, x.inner);
    assert Shapes.matrix("weights", panels, po, count, PANEL);
    assert y.has(x.rows, y.stride);
    float[] order = scratch.order();
    int height;
    for (int r = 0; r < x.rows; r += height) {
      height = RowTiles.height(x.rows - r);
      int full = Math.max(height, FloatTile.LOWEST);
      int xo = x.place(r, k, full);
      int from = start.row(r) + column;
      int to = y.row(r) + column;
      if (full == height && columns == PANEL) {
        FloatTile.packed(
            full,
            x.tiles,
            xo,
            panels,
            po,
            count,
            start.values,
            from,
            start.stride,
            y.values,
            to,
            y.stride,
            order);
      } else {
        float[] edge = edge(start, r, height, column, columns, scratch);
        FloatTile.packed(
            full, x.tiles, xo, panels, po, count, edge, 0, PANEL, edge, 0, PANEL, order);
        copy(edge, height, y, r, column, columns);
      }
    }
  }

  /**
   * Multiplies some of the rows with a panel.
   *
   * @param first the first row, where a tile begins
   * @param end tiles that begin from here on are left out
   * @param panel {@code [inner][PANEL]}
   * @param y {@code [rows from first on][PANEL]}
   */
  static void multiplyRows(
      LaidRows x, int first, int end, float[] panel, float[] y, Scratch scratch) {
    assert Shapes.range("rows", first, end, x.rows);
    assert Shapes.matrix("weights", panel, 0, x.inner, PANEL);
    float[] order = scratch.order();
    int height;
    for (int r = first; r < end; r += height) {
      height = RowTiles.height(x.rows - r);
      int full = Math.max(height, FloatTile.LOWEST);
      int xo = x.place(r, 0, full);
      int to = (r - first) * PANEL;
      if (full == height) {
        FloatTile.packed(
            full, x.tiles, xo, panel, 0, x.inner, NO_START.values, 0, 0, y, to, PANEL, order);
      } else {
        float[] edge = edge(NO_START, 0, height, 0, PANEL, scratch);
        FloatTile.packed(
            full, x.tiles, xo, panel, 0, x.inner, edge, 0, PANEL, edge, 0, PANEL, order);
        System.arraycopy(edge, 0, y, to, height * PANEL);
      }
    }
  }

  /**
   * Multiplies rows that lie side by side already, PANEL of them.
   *
   * @param x {@code [inner][PANEL]}, of which the first {@code rows} columns are rows
   * @param po where the weights begin
   * @param columns how many are written, at most PANEL
   */
  static void multiplyColumns(
      float[] x,
      int rows,
      int inner,
      float[] panels,
      int po,
      Window y,
      int columns,
      Scratch scratch) {
    assert Shapes.matrix("x", x, 0, inner, PANEL);
    assert Shapes.matrix("weights", panels, po, inner, PANEL);
    assert y.has(rows, columns);
    float[] order = scratch.order();
    float[] zeros = NO_START.values;
    int height;
    for (int r = 0; r < rows; r += height) {
      height = RowTiles.height(rows - r);
      int full = Math.max(height, FloatTile.LOWEST);
      if (full == height && columns == PANEL) {
        FloatTile.panel(
            full, x, r, panels, po, inner, zeros, 0, 0, y.values, y.row(r), y.stride, order);
      } else {
        float[] edge = edge(NO_START, 0, height, 0, columns, scratch);
        FloatTile.panel(full, x, r, panels, po, inner, edge, 0, PANEL, edge, 0, PANEL, order);
        copy(edge, height, y, r, 0, columns);
      }
    }
  }

  /**
   * Returns memory for a tile that is not written whole, with what its sums begin with.
   *
   * @param first the tile's first row
   */
  static float[] edge(Window start, int first, int rows, int column, int columns, Scratch scratch) {
    float[] edge = scratch.edge(FloatTile.HIGHEST * PANEL);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(start.values, start.row(first + r) + column, edge, r * PANEL, columns);
    }
    return edge;
  }

  /** Copies what such a tile has written. */
  static void copy(float[] edge, int rows, Window y, int first, int column, int columns) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(edge, r * PANEL, y.values, y.row(first + r) + column, columns);
    }
  }
}
