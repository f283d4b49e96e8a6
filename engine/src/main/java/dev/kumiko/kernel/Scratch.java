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

  @SuppressWarnings("UnusedVariable") // Written so that what it comes from has to be read.
  private float kept;

  private float[] tiles = NONE;
  private float[] edge = NONE;

  private final float[] order = new float[64];

  private float[][] rows = {};
  private float[][] valueRows = {};
  private float[] quantized = NONE;
  private float[] rowScales = NONE;
  private float[] zeros = NONE;
  private int[] packed = {};
  private int[] row = {};
  private int[] sums = {};
  private short[] widened = {};

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

  /** Returns at least {@code size} floats for rows laid side by side. */
  public float[] tiles(int size) {
    tiles = atLeast(tiles, size);
    return tiles;
  }

  /** Returns at least {@code size} floats for a tile that is not written whole. */
  public float[] edge(int size) {
    edge = atLeast(edge, size);
    return edge;
  }

  /** Returns three vectors of floats; into the second tiles store what nobody reads. */
  public float[] order() {
    return order;
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

  /** Returns at least {@code size} floats for quantised rows. */
  public float[] quantized(int size) {
    quantized = atLeast(quantized, size);
    return quantized;
  }

  /** Returns at least {@code size} floats for the scales of quantised rows. */
  public float[] rowScales(int size) {
    rowScales = atLeast(rowScales, size);
    return rowScales;
  }

  /** Returns at least {@code size} zeros, which have to stay so. */
  public float[] zeros(int size) {
    zeros = atLeast(zeros, size);
    return zeros;
  }

  /** Returns at least {@code size} ints for quantised rows, packed for tiles. */
  public int[] packed(int size) {
    packed = atLeast(packed, size);
    return packed;
  }

  /** Returns at least {@code size} ints for one quantised row. */
  public int[] row(int size) {
    row = atLeast(row, size);
    return row;
  }

  /** Returns at least {@code size} ints for the sums of a tile. */
  public int[] sums(int size) {
    sums = atLeast(sums, size);
    return sums;
  }

  /** Returns at least {@code size} shorts for one panel of widened weights. */
  public short[] widened(int size) {
    widened = widened.length >= size ? widened : new short[size];
    return widened;
  }

  /** Keeps a value that nothing needs, so that the memory it comes from is read all the same. */
  public void keep(float value) {
    kept = value;
  }

  private static int[] atLeast(int[] array, int size) {
    return array.length >= size ? array : new int[size];
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
