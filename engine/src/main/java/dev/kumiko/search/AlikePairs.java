package dev.kumiko.search;

import dev.kumiko.model.Similarity;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** The most alike pairs within one set, above a score. Safe for concurrent use. */
final class AlikePairs {
  /** Products in float differ from the exact score by less; relative to the largest score. */
  private static final double ROUNDING = 1e-5;

  private final Rows rows;
  private final Similarity similarity;
  private final int most;
  private final PriorityQueue<Pair> worstFirst = new PriorityQueue<>(Pair.BEST_FIRST.reversed());
  private boolean complete = true;
  private volatile double limit;

  AlikePairs(Rows rows, Similarity similarity, double minScore, int most) {
    this.rows = rows;
    this.similarity = similarity;
    this.most = most;
    this.limit = minScore;
  }

  /** Returns what offers scores to this. */
  Products.Tile tile() {
    float[] a = new float[rows.dimension()];
    float[] b = new float[rows.dimension()];
    return (scores, stride, firstRow, count, firstColumn, columns) -> {
      float low = low();
      for (int r = 0; r < count; r++) {
        int row = firstRow + r;
        boolean isRead = false;
        for (int c = Math.max(0, row + 1 - firstColumn); c < columns; c++) {
          if (scores[r * stride + c] >= low) {
            if (!isRead) {
              rows.readExact(row, a);
              isRead = true;
            }
            rows.readExact(firstColumn + c, b);
            add(new Pair(row, firstColumn + c, Exact.similarity(similarity, a, b)));
            low = low();
          }
        }
      }
    };
  }

  private float low() {
    double least = limit;
    return (float) (least - ROUNDING * Math.max(1, Math.abs(least)));
  }

  private synchronized void add(Pair pair) {
    if (pair.score() < limit) {
      return;
    }
    worstFirst.add(pair);
    if (worstFirst.size() > most) {
      worstFirst.remove();
      complete = false;
      limit = worstFirst.element().score();
    }
  }

  synchronized boolean complete() {
    return complete;
  }

  synchronized List<Pair> bestFirst() {
    List<Pair> pairs = new ArrayList<>(worstFirst);
    pairs.sort(Pair.BEST_FIRST);
    return pairs;
  }
}
