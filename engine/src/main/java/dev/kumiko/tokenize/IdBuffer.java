package dev.kumiko.tokenize;

import java.util.Arrays;

/** A growing list of ints that counts on, but stores nothing, beyond a limit. */
public final class IdBuffer {
  private final int kept;
  private int[] ids;
  private int size;

  /** Stores the first {@code kept} ints. */
  public IdBuffer(int kept) {
    this.kept = kept;
    ids = new int[Math.min(kept, 64)];
  }

  /** Adds an int. */
  public void add(int id) {
    if (size < kept) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, Math.min(kept, 2 * size));
      }
      ids[size] = id;
    }
    size++;
  }

  /** The int at an index. */
  public int get(int index) {
    return ids[index];
  }

  /** Replaces the int at an index. */
  public void set(int index, int id) {
    ids[index] = id;
  }

  /** How many were added, stored or not. */
  public int size() {
    return size;
  }

  /** Forgets all but the first {@code length}. */
  public void truncate(int length) {
    size = length;
  }

  /** Copies {@code length} of the stored ints to {@code target[offset ...]}. */
  public void copyTo(int[] target, int offset, int length) {
    System.arraycopy(ids, 0, target, offset, length);
  }

  /** Copies the last {@code length} ints, all being stored, to {@code target[offset ...]}. */
  public void copyLast(int[] target, int offset, int length) {
    System.arraycopy(ids, size - length, target, offset, length);
  }

  /** The first {@code length} of the stored ints, a new array. */
  public int[] toArray(int length) {
    return Arrays.copyOf(ids, length);
  }
}
