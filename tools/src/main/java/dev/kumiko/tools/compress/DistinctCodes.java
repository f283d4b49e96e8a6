package dev.kumiko.tools.compress;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
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
   * How many combinations are taken that begin with the same codes. Only where a beginning can soon
   * have no free combination left: empty if there are far more combinations than tokens.
   */
  private final Map<String, Integer> takenBehind = new HashMap<>();

  /** How many combinations begin with so many given codes, where they are counted; or zero. */
  private final int[] combinationsBehind;

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
    this.combinationsBehind = new int[subspaces.parts()];
    int size = vectors[0].length / subspaces.width(0);
    double all = Math.pow(size, subspaces.parts());
    for (int given = 1; given < subspaces.parts(); given++) {
      double behind = Math.pow(size, subspaces.parts() - given);
      combinationsBehind[given] = all < 16.0 * table.tokens() ? (int) behind : 0;
    }
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
    int parts = subspaces.parts();
    int colliding = 0;
    for (Integer token : tokens) {
      if (!take(new String(codes, token * parts, parts))) {
        tokens[colliding++] = token;
      }
    }
    for (int i = 0; i < colliding; i++) {
      int token = tokens[i];
      char[] nearest = new Search(neighbours(token)).nearest();
      take(new String(nearest));
      System.arraycopy(nearest, 0, codes, token * parts, parts);
    }
    return colliding;
  }

  private boolean take(String combination) {
    if (!taken.add(combination)) {
      return false;
    }
    for (int given = 1; given < combinationsBehind.length; given++) {
      if (combinationsBehind[given] > 0) {
        takenBehind.merge(combination.substring(0, given), 1, Integer::sum);
      }
    }
    return true;
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

  /** Goes through combinations, near codes first, and leaves out what cannot be the nearest. */
  private final class Search {
    private final Neighbours[] parts;
    private final char[] row;
    private char[] nearest;
    private double smallest = Double.POSITIVE_INFINITY;

    Search(Neighbours[] parts) {
      this.parts = parts;
      this.row = new char[parts.length];
    }

    char[] nearest() {
      extend(0, 0);
      return nearest;
    }

    private void extend(int given, double excess) {
      if (given == parts.length) {
        if (!taken.contains(new String(row))) {
          smallest = excess;
          nearest = row.clone();
        }
        return;
      }
      if (combinationsBehind[given] > 0
          && takenBehind.getOrDefault(new String(row, 0, given), 0) == combinationsBehind[given]) {
        return;
      }
      Neighbours part = parts[given];
      for (int rank = 0; rank < part.codes.length; rank++) {
        double more = excess + part.excess(rank);
        if (more >= smallest) {
          return;
        }
        row[given] = part.code(rank);
        extend(given + 1, more);
      }
    }
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
}
