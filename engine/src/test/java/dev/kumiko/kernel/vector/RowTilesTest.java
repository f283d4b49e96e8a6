package dev.kumiko.kernel.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}
