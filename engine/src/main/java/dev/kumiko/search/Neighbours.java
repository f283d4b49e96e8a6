package dev.kumiko.search;

import java.util.Objects;

/**
 * The nearest vectors of each query, best first; among equals the one that stands first. Immutable
 * and safe for concurrent use.
 */
public final class Neighbours {
  private final int queries;
  private final int each;
  private final int[] indexes;
  private final double[] scores;

  /** Takes {@code [queries][each]}, not copied. */
  Neighbours(int queries, int each, int[] indexes, double[] scores) {
    this.queries = queries;
    this.each = each;
    this.indexes = indexes;
    this.scores = scores;
  }

  /** {@return how many queries there were} */
  public int queries() {
    return queries;
  }

  /** {@return how many neighbours each query has: k, or all targets if there are fewer} */
  public int each() {
    return each;
  }

  /**
   * {@return which target is a query's neighbour}
   *
   * @param query the query, from 0
   * @param rank from 0, the nearest, to {@link #each} - 1
   */
  public int index(int query, int rank) {
    return indexes[place(query, rank)];
  }

  /**
   * {@return how alike a query and its neighbour of this rank are}
   *
   * @param query the query, from 0
   * @param rank from 0, the nearest
   */
  public double score(int query, int rank) {
    return scores[place(query, rank)];
  }

  /**
   * {@return the mean score of a query's neighbours}
   *
   * @param query the query, from 0
   */
  public double mean(int query) {
    double sum = 0;
    for (int rank = 0; rank < each; rank++) {
      sum += score(query, rank);
    }
    return sum / each;
  }

  private int place(int query, int rank) {
    return Objects.checkIndex(query, queries) * each + Objects.checkIndex(rank, each);
  }
}
