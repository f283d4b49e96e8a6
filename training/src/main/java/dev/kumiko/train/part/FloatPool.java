package dev.kumiko.train.part;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Arrays that passes use one after another: large ones that are made anew at each step cost more
 * than what is computed in them. An array that is never given back is garbage, and no harm is done.
 * For one thread.
 */
public final class FloatPool {
  /** An array may be so many times longer than asked for. */
  private static final int MOST_TIMES = 2;

  private static final int SMALLEST = 1024;

  private final TreeMap<Integer, ArrayDeque<float[]>> free = new TreeMap<>();

  /** Creates an empty pool. */
  public FloatPool() {}

  /** Returns an array of at least {@code size} floats, whose contents mean nothing. */
  public float[] take(int size) {
    Map.Entry<Integer, ArrayDeque<float[]>> entry = free.ceilingEntry(size);
    if (entry == null || entry.getKey() > MOST_TIMES * (long) Math.max(size, SMALLEST)) {
      return new float[rounded(size)];
    }
    float[] array = entry.getValue().pop();
    if (entry.getValue().isEmpty()) {
      free.remove(entry.getKey());
    }
    return array;
  }

  /** Returns an array whose first {@code size} floats are zero. */
  public float[] zeros(int size) {
    float[] array = take(size);
    Arrays.fill(array, 0, size, 0f);
    return array;
  }

  /** Returns an array with the first {@code size} floats of another. */
  public float[] copy(float[] x, int size) {
    float[] array = take(size);
    System.arraycopy(x, 0, array, 0, size);
    return array;
  }

  /**
   * Takes back an array that nobody uses any more.
   *
   * @throws IllegalStateException if it was given back before
   */
  public void give(float[] array) {
    ArrayDeque<float[]> same = free.computeIfAbsent(array.length, length -> new ArrayDeque<>());
    if (same.contains(array)) {
      throw new IllegalStateException("%,d floats were given back twice".formatted(array.length));
    }
    same.push(array);
  }

  /** Rounds up to one of four lengths between two powers of two: batches differ a little. */
  private static int rounded(int size) {
    int step = Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, size)) / 4);
    return Math.toIntExact(Math.ceilDiv(size, step) * (long) step);
  }
}
