package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;

import dev.kumiko.kernel.Scratch;
import dev.kumiko.kernel.Shapes;
import jdk.incubator.vector.FloatVector;

/**
 * How rows are divided into tiles, and the rows of each laid side by side, {@code [inner][height]}:
 * a tile then reads them at one address and constant offsets. The tile that begins with row r lies
 * at {@code r * inner}.
 */
final class RowTiles {
  /** Rows of most tiles: their sums, two for each row, and operands fill the registers. */
  static final int HEIGHT = Registers.COUNT >= 32 ? 8 : 5;

  /** The most rows of a tile: a few of six rather than one of one. */
  static final int HIGHEST = Registers.COUNT >= 32 ? 8 : 6;

  private RowTiles() {}

  private static int tiles(int rows) {
    int tiles = rows / HEIGHT;
    return rows <= tiles * HIGHEST ? tiles : tiles + 1;
  }

  /** Returns the rows of the tile that begins where so many rows are left: all tiles about even. */
  static int height(int left) {
    return Math.ceilDiv(left, tiles(left));
  }

  /** Returns where the tile of a row begins. */
  static int start(int row, int rows) {
    int tiles = tiles(rows);
    int height = rows / tiles;
    // The first ones are one row higher.
    int higher = rows % tiles * (height + 1);
    return row < higher
        ? row / (height + 1) * (height + 1)
        : higher + (row - higher) / height * height;
  }

  /**
   * Lays {@code [rows][inner]}, rows {@code stride} apart from {@code from} on.
   *
   * @return the tiles, in memory of {@code scratch}
   */
  static LaidRows lay(float[] x, int from, int stride, int rows, int inner, Scratch scratch) {
    assert Shapes.matrix("x", x, from, rows, inner, stride);
    float[] tiles = scratch.tiles((rows + FloatTile.LOWEST) * inner);
    int height;
    for (int row = 0; row < rows; row += height) {
      height = height(rows - row);
      int first = from + row * stride;
      if (height == Eights.ROWS && Eights.USED) {
        Eights.lay(x, first, stride, inner, tiles, row * inner);
      } else if (height == Fives.ROWS && inner >= Fives.WORTHWHILE) {
        Fives.lay(x, first, stride, inner, tiles, row * inner);
      } else {
        lay(x, first, stride, height, inner, tiles, row * inner);
      }
    }
    return new LaidRows(tiles, rows, inner);
  }

  /**
   * Lays columns as if they were rows, {@code [inner][columns]}, {@code stride} apart from {@code
   * from} on.
   *
   * @return the tiles, in memory of {@code scratch}
   */
  static LaidRows layColumns(
      float[] x, int from, int stride, int columns, int inner, Scratch scratch) {
    float[] tiles = scratch.tiles((columns + FloatTile.LOWEST) * inner + LANES);
    int height;
    for (int column = 0; column < columns; column += height) {
      height = height(columns - column);
      layColumns(x, from + column, stride, height, inner, tiles, column * inner);
    }
    return new LaidRows(tiles, columns, inner);
  }

  private static void layColumns(
      float[] x, int from, int stride, int height, int inner, float[] tiles, int to) {
    int full = Math.max(height, FloatTile.LOWEST);
    int k = 0;
    if (LANES >= HIGHEST) {
      // Lanes too many are overwritten by what comes next.
      for (; k < inner && from + k * stride + LANES <= x.length; k++) {
        FloatVector.fromArray(FLOATS, x, from + k * stride).intoArray(tiles, to + k * full);
      }
    }
    for (; k < inner; k++) {
      for (int c = 0; c < height; c++) {
        tiles[to + k * full + c] = x[from + k * stride + c];
      }
    }
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
