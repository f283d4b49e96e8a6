package dev.kumiko.tools.compress;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Gives every token codes that no other has. Of tokens with the same codes the one with the largest
 * weight keeps them; the others, in the order of their weights, get the nearest that are free.
 */
final class DistinctCodes {
  private final SourceTable table;
  private final Subspaces subspaces;
  private final float[][] vectors;
  private final char[] codes;
  private final Set<String> taken;

  /**
   * Prepares the search.
   *
   * @param vectors for each part {@code [size][width]}
   * @param codes {@code [tokens][parts]}, changed
   */
  DistinctCodes(SourceTable table, Subspaces subspaces, float[][] vectors, char[] codes) {
    this.table = table;
    this.subspaces = subspaces;
    this.vectors = vectors;
    this.codes = codes;
    this.taken = HashSet.newHashSet(table.tokens());
  }

  /**
   * Changes as many codes as necessary. There are at least as many combinations as tokens.
   *
   * @return the number of tokens whose codes have changed
   */
  int resolve(float[] weights) throws IOException {
    Integer[] tokens = new Integer[table.tokens()];
    Arrays.setAll(tokens, i -> i);
    Arrays.sort(tokens, Comparator.comparingDouble(token -> -weights[token]));
    int colliding = 0;
    for (Integer token : tokens) {
      if (!taken.add(combination(token))) {
        tokens[colliding++] = token;
      }
    }
    for (int i = 0; i < colliding; i++) {
      moveToNearestFree(tokens[i]);
    }
    return colliding;
  }

  private String combination(int token) {
    return new String(codes, token * subspaces.parts(), subspaces.parts());
  }

  private void moveToNearestFree(int token) throws IOException {
    Neighbours[] parts = neighbours(token);
    char[] row = new char[parts.length];
    PriorityQueue<Change> queue = new PriorityQueue<>();
    for (int f = 0; f < parts.length; f++) {
      push(queue, null, f, 1, 0, parts);
    }
    while (true) {
      Change change = queue.remove();
      for (int f = 0; f < parts.length; f++) {
        row[f] = parts[f].code(0);
      }
      for (Change c = change; c != null; c = c.before) {
        row[c.part] = parts[c.part].code(c.rank);
      }
      if (taken.add(new String(row))) {
        System.arraycopy(row, 0, codes, token * parts.length, parts.length);
        return;
      }
      // Every combination of ranks has one way to be reached: part by part, rank by rank.
      push(queue, change.before, change.part, change.rank + 1, change.costBefore, parts);
      for (int f = change.part + 1; f < parts.length; f++) {
        push(queue, change, f, 1, change.cost, parts);
      }
    }
  }

  private static void push(
      PriorityQueue<Change> queue,
      Change before,
      int part,
      int rank,
      double costBefore,
      Neighbours[] parts) {
    if (rank < parts[part].codes.length) {
      queue.add(new Change(before, part, rank, costBefore, costBefore + parts[part].excess(rank)));
    }
  }

  private Neighbours[] neighbours(int token) throws IOException {
    Neighbours[] parts = new Neighbours[subspaces.parts()];
    for (int f = 0; f < parts.length; f++) {
      int width = subspaces.width(f);
      float[] point = new float[width];
      table.copy(token, subspaces.start(f), width, point, 0);
      parts[f] = new Neighbours(point, vectors[f], width);
    }
    return parts;
  }

  /** The codes of one part in the order of their distance to a token. */
  private static final class Neighbours {
    private final Integer[] codes;
    private final double[] distances;

    Neighbours(float[] point, float[] vectors, int width) {
      codes = new Integer[vectors.length / width];
      distances = new double[codes.length];
      for (int code = 0; code < codes.length; code++) {
        codes[code] = code;
        distances[code] = NearestCodes.squaredDistance(point, 0, vectors, code * width, width);
      }
      Arrays.sort(codes, Comparator.comparingDouble(code -> distances[code]));
    }

    char code(int rank) {
      return (char) codes[rank].intValue();
    }

    double excess(int rank) {
      return distances[codes[rank]] - distances[codes[0]];
    }
  }

  /** A part that has not its nearest code, after others of lower number. */
  private record Change(Change before, int part, int rank, double costBefore, double cost)
      implements Comparable<Change> {
    @Override
    public int compareTo(Change other) {
      return Double.compare(cost, other.cost);
    }
  }
}
