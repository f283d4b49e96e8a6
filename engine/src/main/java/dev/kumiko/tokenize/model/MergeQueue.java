package dev.kumiko.tokenize.model;

import java.util.Arrays;

/** Merges that are due, by rank and then by place: a binary heap. Belongs to one call. */
final class MergeQueue {
  private long[] heap = new long[64];
  private int size;
  private long added;

  boolean isEmpty() {
    return size == 0;
  }

  /** Returns how many merges were ever added; each costs a way through the heap, in and out. */
  long added() {
    return added;
  }

  void add(int rank, int place) {
    added++;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    long entry = (long) rank << Integer.SIZE | place;
    int child = size++;
    while (child > 0 && heap[(child - 1) >>> 1] > entry) {
      heap[child] = heap[(child - 1) >>> 1];
      child = (child - 1) >>> 1;
    }
    heap[child] = entry;
  }

  /** Removes the first merge, whose {@link #rank} and {@link #place} it holds. */
  long remove() {
    long first = heap[0];
    long last = heap[--size];
    int parent = 0;
    for (int child = 1; child < size; child = 2 * parent + 1) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[parent] = heap[child];
      parent = child;
    }
    heap[parent] = last;
    return first;
  }

  static int rank(long merge) {
    return (int) (merge >>> Integer.SIZE);
  }

  static int place(long merge) {
    return (int) merge;
  }
}
