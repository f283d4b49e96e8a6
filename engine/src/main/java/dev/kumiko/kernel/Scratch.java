package dev.kumiko.kernel;

/**
 * Memory that kernels reuse from call to call. It belongs to one thread at a time and only grows;
 * its contents between two calls mean nothing.
 */
public final class Scratch {
  private static final float[] NONE = {};

  private float[] queries = NONE;
  private float[] values = NONE;
  private float[] scores = NONE;
  private float[] panel = NONE;
  private float[][] rows = {};
  private float[][] valueRows = {};

  /** Returns at least {@code size} floats for a block of one head's queries. */
  public float[] queries(int size) {
    queries = atLeast(queries, size);
    return queries;
  }

  /** Returns at least {@code size} floats for one head's values. */
  public float[] values(int size) {
    values = atLeast(values, size);
    return values;
  }

  /** Returns at least {@code size} floats for attention scores. */
  public float[] scores(int size) {
    scores = atLeast(scores, size);
    return scores;
  }

  /** Returns at least {@code size} floats for one panel of widened weights. */
  public float[] panel(int size) {
    panel = atLeast(panel, size);
    return panel;
  }

  /** Returns at least {@code count} separate rows of at least {@code size} floats each. */
  public float[][] rows(int count, int size) {
    rows = atLeast(rows, count, size);
    return rows;
  }

  /** Returns as many other rows, for one head's values. */
  public float[][] valueRows(int count, int size) {
    valueRows = atLeast(valueRows, count, size);
    return valueRows;
  }

  private static float[][] atLeast(float[][] rows, int count, int size) {
    int length = rows.length == 0 ? 0 : rows[0].length;
    return rows.length >= count && length >= size
        ? rows
        : new float[Math.max(count, rows.length)][Math.max(size, length)];
  }

  private static float[] atLeast(float[] array, int size) {
    return array.length >= size ? array : new float[Math.max(size, 2 * array.length)];
  }
}
