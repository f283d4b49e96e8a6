package dev.kumiko.tokenize;

import java.util.Arrays;

/** A growing list of ints that counts on, but stores nothing, beyond a limit. */
final class IdBuffer {
  private final int kept;
  private int[] ids;
  private int size;

  /** Stores the first {@code kept} ints. */
  IdBuffer(int kept) {
    this.kept = kept;
    ids = new int[Math.min(kept, 64)];
  }

  void add(int id) {
    if (size < kept) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, Math.min(kept, 2 * size));
      }
      ids[size] = id;
    }
    size++;
  }

  int get(int index) {
    return ids[index];
  }

  void set(int index, int id) {
    ids[index] = id;
  }

  /** How many were added, stored or not. */
  int size() {
    return size;
  }

  /** Forgets all but the first {@code length}. */
  void truncate(int length) {
    size = length;
  }

  /** Copies {@code length} of the stored ints to {@code target[offset ...]}. */
  void copyTo(int[] target, int offset, int length) {
    System.arraycopy(ids, 0, target, offset, length);
  }

  int[] toArray(int length) {
    return Arrays.copyOf(ids, length);
  }
}
