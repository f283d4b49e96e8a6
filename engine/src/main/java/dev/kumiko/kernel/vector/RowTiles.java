package dev.kumiko.kernel.vector;

import dev.kumiko.kernel.Scratch;

/**
 * How rows are divided into tiles, and the rows of each laid side by side, {@code [inner][height]}:
 * a tile then reads them at one address and constant offsets. The tile that begins with row r lies
 * at {@code r * inner}.
 */
final class RowTiles {
  /** Rows of a whole tile: its sums, two for each row, and its operands fit into the registers. */
  static final int HEIGHT = Registers.COUNT >= 32 ? 8 : 6;

  private RowTiles() {}

  /**
   * Returns the rows of the tile that begins where so many rows are left. The last two share what
   * is left, since a tile of few rows takes as long as a higher one.
   */
  static int height(int left) {
    if (left == HEIGHT || left >= 2 * HEIGHT) {
      return HEIGHT;
    }
    return left > HEIGHT ? (left + 1) / 2 : left;
  }

  /**
   * Returns where a tile begins, of those that {@code rows} rows have, at {@code row} or before.
   */
  static int startBefore(int row, int rows) {
    int whole = Math.max(0, (rows - 1) / HEIGHT - 1);
    return Math.min(row / HEIGHT, whole) * HEIGHT;
  }

  /**
   * Lays {@code [rows][inner]}, rows {@code stride} apart from {@code from} on.
   *
   * @return the tiles, memory of {@code scratch}
   */
  static float[] lay(float[] x, int from, int stride, int rows, int inner, Scratch scratch) {
    float[] tiles = scratch.tiles((rows + FloatTile.LOWEST) * inner);
    int height;
    for (int row = 0; row < rows; row += height) {
      height = height(rows - row);
      int first = from + row * stride;
      if (height == Eights.ROWS && Eights.USED) {
        Eights.lay(x, first, stride, inner, tiles, row * inner);
      } else {
        lay(x, first, stride, height, inner, tiles, row * inner);
      }
    }
    return tiles;
  }

  /**
   * Lays one tile; what fills it up to the lowest one stays as it was, and nobody reads its sums.
   */
  private static void lay(
      float[] x, int from, int stride, int rows, int inner, float[] tiles, int to) {
    int height = Math.max(rows, FloatTile.LOWEST);
    for (int r = 0; r < rows; r++) {
      int row = from + r * stride;
      int o = to + r;
      for (int k = 0; k < inner; k++, o += height) {
        tiles[o] = x[row + k];
      }
    }
  }
}
