package dev.kumiko.train.part;

import dev.kumiko.train.parallel.Threads;

/** Sums of rows {@code [rows][columns]}, always in the same order. */
final class Rows {
  private static final int BLOCK = 64;

  private Rows() {}

  /** Adds the sum of all rows to {@code target}. */
  static void addSum(Threads threads, float[] x, int rows, int columns, float[] target) {
    threads.forEach(
        Math.ceilDiv(columns, BLOCK),
        (block, scratch) -> {
          int from = block * BLOCK;
          int count = Math.min(BLOCK, columns - from);
          double[] sums = new double[count];
          for (int row = 0; row < rows; row++) {
            int start = row * columns + from;
            for (int i = 0; i < count; i++) {
              sums[i] += x[start + i];
            }
          }
          for (int i = 0; i < count; i++) {
            target[from + i] += (float) sums[i];
          }
        });
  }

  /** Adds {@code x} to {@code y}. */
  static void add(Threads threads, float[] x, float[] y, int rows, int columns) {
    threads.forRows(
        rows,
        (first, count, scratch) -> {
          for (int i = first * columns; i < (first + count) * columns; i++) {
            y[i] += x[i];
          }
        });
  }
}
