package dev.kumiko.search;

import java.util.Arrays;

/**
 * The best of what each of many rows has been offered: of equal scores the lower index, so that the
 * order of the offers does not matter. Threads may offer to one row at a time; {@link #threshold}
 * is read without a lock, and what it says may be old: too low, never too high.
 */
final class TopK {
  private static final int LOCKS = 1024;

  private final int each;

  /** Heaps with the worst at the top, {@code [rows][each]}. */
  private final float[] scores;

  private final int[] indexes;
  private final Object[] locks = new Object[LOCKS];

  TopK(int rows, int each) {
    this.each = each;
    int size = Math.multiplyExact(rows, each);
    this.scores = new float[size];
    this.indexes = new int[size];
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    Arrays.fill(indexes, Integer.MAX_VALUE);
    Arrays.setAll(locks, i -> new Object());
  }

  int each() {
    return each;
  }

  /** Returns what a score must reach to be taken. */
  float threshold(int row) {
    return scores[row * each];
  }

  void offer(int row, float score, int index) {
    synchronized (locks[row % LOCKS]) {
      int top = row * each;
      if (isWorse(scores[top], indexes[top], score, index)) {
        sink(top, score, index);
      }
    }
  }

  private static boolean isWorse(float score, int index, float other, int otherIndex) {
    return score < other || (score == other && index > otherIndex);
  }

  /** Puts an entry in the place of the worst. */
  private void sink(int top, float score, int index) {
    int hole = 0;
    while (true) {
      int child = 2 * hole + 1;
      if (child >= each) {
        break;
      }
      if (child + 1 < each && isWorse(top, child + 1, child)) {
        child++;
      }
      if (!isWorse(scores[top + child], indexes[top + child], score, index)) {
        break;
      }
      scores[top + hole] = scores[top + child];
      indexes[top + hole] = indexes[top + child];
      hole = child;
    }
    scores[top + hole] = score;
    indexes[top + hole] = index;
  }

  private boolean isWorse(int top, int a, int b) {
    return isWorse(scores[top + a], indexes[top + a], scores[top + b], indexes[top + b]);
  }

  /** Returns the indexes that a row has, in no order; only when nobody offers any more. */
  int[] indexes(int row) {
    return Arrays.copyOfRange(indexes, row * each, (row + 1) * each);
  }
}
