package dev.kumiko.kernel.vector;

/** Rows of an input whose values lie side by side, tile by tile, as {@link RowTiles} lays them. */
final class LaidRows {
  /**
   * The tiles, {@code [inner][height]} each; the one that begins with row r at {@code r * inner}.
   */
  final float[] tiles;

  /** How many rows were laid. */
  final int rows;

  /** Values of a row. */
  final int inner;

  LaidRows(float[] tiles, int rows, int inner) {
    this.tiles = tiles;
    this.rows = rows;
    this.inner = inner;
  }

  /** Returns where the values from {@code k} on lie of the tile that begins with a row. */
  int place(int row, int k, int height) {
    return row * inner + k * height;
  }
}
