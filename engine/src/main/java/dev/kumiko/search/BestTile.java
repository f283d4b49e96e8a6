package dev.kumiko.search;

/** Offers scores to the best of the rows, of the columns, or of both. */
final class BestTile implements Products.Tile {
  private static final float NEVER = Float.POSITIVE_INFINITY;

  private final TopK ofRows;
  private final TopK ofColumns;
  private float[] limits = {};

  /**
   * Prepares to offer.
   *
   * @param ofRows null if nobody asks for them
   * @param ofColumns null if nobody asks for them
   */
  BestTile(TopK ofRows, TopK ofColumns) {
    this.ofRows = ofRows;
    this.ofColumns = ofColumns;
  }

  @Override
  public void take(
      float[] scores, int stride, int firstRow, int rows, int firstColumn, int columns) {
    limits = limits.length >= columns ? limits : new float[columns];
    for (int c = 0; c < columns; c++) {
      limits[c] = limit(ofColumns, firstColumn + c);
    }
    for (int r = 0; r < rows; r++) {
      offer(scores, r * stride, firstRow + r, firstColumn, columns);
    }
  }

  private static float limit(TopK best, int index) {
    return best == null ? NEVER : best.threshold(index);
  }

  private void offer(float[] scores, int from, int row, int firstColumn, int columns) {
    float[] columnLimits = limits;
    float rowLimit = limit(ofRows, row);
    for (int c = 0; c < columns; c++) {
      float score = scores[from + c];
      if (score >= rowLimit) {
        ofRows.offer(row, score, firstColumn + c);
        rowLimit = ofRows.threshold(row);
      }
      if (score >= columnLimits[c]) {
        ofColumns.offer(firstColumn + c, score, row);
        columnLimits[c] = ofColumns.threshold(firstColumn + c);
      }
    }
  }
}
