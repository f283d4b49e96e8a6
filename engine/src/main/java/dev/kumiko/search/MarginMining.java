package dev.kumiko.search;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Finds sentences that translate each other in two sets that are not aligned: by the ratio of a
 * pair's cosine to the mean cosine of both sentences' nearest neighbours, {@code cos(x, y) / ((m(x)
 * + m(y)) / 2)} with m the mean over the k nearest in the other set (the ratio margin of Artetxe
 * and Schwenk, "Margin-based Parallel Corpus Mining with Multilingual Sentence Embeddings", ACL
 * 2019, arXiv 1811.01136). Each sentence's best of its neighbours is a candidate, forward and
 * backward; the best candidates whose sentences are both free become pairs, one-to-one, as in
 * LASER's {@code max} retrieval.
 */
public final class MarginMining {
  /** How many neighbours make the mean where nothing else is said. */
  public static final int NEIGHBOURS = 4;

  private MarginMining() {}

  /**
   * Mines two sets.
   *
   * @param search by cosine
   * @param source one set
   * @param target the other
   * @param k how many neighbours make the mean
   * @return pairs of a source and a target, the best first, each vector in one at most
   * @throws IllegalArgumentException as {@link ExactSearch#bothWays}
   */
  public static List<Pair> mine(
      ExactSearch search, VectorSource source, VectorSource target, int k) {
    return mine(search.bothWays(source, target, k));
  }

  /**
   * Mines two sets whose neighbours in each other, by cosine, are known.
   *
   * @param neighbours from {@link ExactSearch#bothWays}
   * @return pairs of a source and a target, the best first, each vector in one at most
   */
  public static List<Pair> mine(BothWays neighbours) {
    double[] forward = means(neighbours.forward());
    double[] backward = means(neighbours.backward());
    List<Pair> candidates = new ArrayList<>(forward.length + backward.length);
    addBest(neighbours.forward(), forward, backward, false, candidates);
    addBest(neighbours.backward(), backward, forward, true, candidates);
    candidates.sort(Pair.BEST_FIRST);
    BitSet sources = new BitSet();
    BitSet targets = new BitSet();
    List<Pair> mined = new ArrayList<>();
    for (Pair pair : candidates) {
      if (!sources.get(pair.first()) && !targets.get(pair.second())) {
        sources.set(pair.first());
        targets.set(pair.second());
        mined.add(pair);
      }
    }
    return mined;
  }

  private static double[] means(Neighbours neighbours) {
    double[] means = new double[neighbours.queries()];
    for (int query = 0; query < means.length; query++) {
      means[query] = neighbours.mean(query);
    }
    return means;
  }

  private static void addBest(
      Neighbours of, double[] means, double[] others, boolean swapped, List<Pair> candidates) {
    for (int query = 0; query < means.length; query++) {
      int best = -1;
      double bestScore = Double.NEGATIVE_INFINITY;
      for (int rank = 0; rank < of.each(); rank++) {
        int index = of.index(query, rank);
        double score = of.score(query, rank) / ((means[query] + others[index]) / 2);
        if (score > bestScore) {
          best = index;
          bestScore = score;
        }
      }
      if (best >= 0) {
        candidates.add(
            swapped ? new Pair(best, query, bestScore) : new Pair(query, best, bestScore));
      }
    }
  }
}
