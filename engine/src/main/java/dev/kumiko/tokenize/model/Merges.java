package dev.kumiko.tokenize.model;

import java.util.Arrays;

/**
 * The merges of byte-pair encoding, found by their pair. Immutable and safe for concurrent use.
 *
 * <p>Open addressing over a long and an int array: no object per merge.
 */
final class Merges {
  private static final int NONE = -1;
  private static final long FREE = -1;
  private static final int MOST_COLLISIONS = 1000;

  private final int[] merges;
  private final long[] pairs;
  private final int[] ranks;
  private final int shift;

  /**
   * Merges by rank.
   *
   * @param merges {@code [merges][3]}: left, right and resulting id. Kept, not copied
   * @throws IllegalArgumentException if an id is not in {@code [0, tokens)} or a pair occurs twice
   */
  Merges(int[] merges, int tokens) {
    this.merges = merges;
    int count = merges.length / 3;
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, count));
    pairs = new long[2 << bits];
    ranks = new int[pairs.length];
    shift = Long.SIZE - bits - 1;
    Arrays.fill(pairs, FREE);
    for (int rank = 0; rank < count; rank++) {
      for (int i = 3 * rank; i < 3 * rank + 3; i++) {
        if (merges[i] < 0 || merges[i] >= tokens) {
          throw new IllegalArgumentException(
              "merge %d has id %d, but the vocabulary has %d tokens"
                  .formatted(rank, merges[i], tokens));
        }
      }
      insert(rank);
    }
  }

  /** The rank of the merge of two tokens, or -1 if they are not merged. */
  int rank(int left, int right) {
    long pair = pair(left, right);
    for (int slot = slot(pair); pairs[slot] != FREE; slot = (slot + 1) & (pairs.length - 1)) {
      if (pairs[slot] == pair) {
        return ranks[slot];
      }
    }
    return NONE;
  }

  /** What the two tokens of a merge become. */
  int result(int rank) {
    return merges[3 * rank + 2];
  }

  private void insert(int rank) {
    long pair = pair(merges[3 * rank], merges[3 * rank + 1]);
    int slot = slot(pair);
    for (int i = 0; pairs[slot] != FREE; i++) {
      if (pairs[slot] == pair) {
        throw new IllegalArgumentException(
            "merges %d and %d are of the same tokens, %d and %d"
                .formatted(ranks[slot], rank, merges[3 * rank], merges[3 * rank + 1]));
      }
      if (i == MOST_COLLISIONS) {
        throw new IllegalArgumentException(
            "more than %d merges, among them %d, have like hashes: they were made to be slow"
                .formatted(MOST_COLLISIONS, rank));
      }
      slot = (slot + 1) & (pairs.length - 1);
    }
    pairs[slot] = pair;
    ranks[slot] = rank;
  }

  private static long pair(int left, int right) {
    return ((long) left << Integer.SIZE) | right;
  }

  private int slot(long pair) {
    return (int) ((pair * 0x9E3779B97F4A7C15L) >>> shift);
  }
}
