package dev.kumiko.kernel.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.kernel.Scratch;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowTilesTest {
  @Test
  void everyRowIsInOneTileThatIsNotTooHighNorTooLow() {
    for (int rows = 1; rows <= 300; rows++) {
      int lowest = Math.min(rows, FloatTile.LOWEST);
      int height;
      for (int first = 0; first < rows; first += height) {
        height = RowTiles.height(rows - first);
        assertTrue(height >= lowest && height <= RowTiles.HIGHEST, rows + " rows: " + height);
        assertTrue(first + height <= rows, rows + " rows: " + first + " + " + height);
        for (int row = first; row < first + height; row++) {
          assertEquals(first, RowTiles.start(row, rows), row + " of " + rows);
        }
      }
    }
  }

  @Test
  void rowsLieSideBySide() {
    Scratch scratch = new Scratch();
    Random random = new Random(5);
    for (int rows = 1; rows <= 23; rows++) {
      for (int inner : new int[] {1, 7, 63, 64, 65, 96, 101}) {
        int stride = inner + random.nextInt(3);
        float[] x = new float[3 + rows * stride];
        for (int i = 0; i < x.length; i++) {
          x[i] = random.nextFloat();
        }
        float[] tiles = RowTiles.lay(x, 3, stride, rows, inner, scratch).tiles;
        for (int row = 0; row < rows; row++) {
          int first = RowTiles.start(row, rows);
          int height = Math.max(FloatTile.LOWEST, RowTiles.height(rows - first));
          for (int k = 0; k < inner; k++) {
            assertEquals(
                x[3 + row * stride + k],
                tiles[first * inner + k * height + row - first],
                row + " of " + rows + ", value " + k + " of " + inner);
          }
        }
      }
    }
  }
}
