package dev.kumiko.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MarginMiningTest {
  private static final int K = 4;

  /** The definition, all pairs, in plain loops; of the same scores the earlier pair. */
  private static List<Pair> plain(List<float[]> source, List<float[]> target) {
    List<List<Pair>> forward = nearest(source, target);
    List<List<Pair>> backward = nearest(target, source);
    List<Pair> candidates = new ArrayList<>();
    for (List<Pair> row : forward) {
      candidates.add(best(row, forward, backward, false));
    }
    for (List<Pair> row : backward) {
      candidates.add(best(row, backward, forward, true));
    }
    candidates.sort(Pair.BEST_FIRST);
    Set<Integer> sources = new HashSet<>();
    Set<Integer> targets = new HashSet<>();
    List<Pair> mined = new ArrayList<>();
    for (Pair pair : candidates) {
      if (!sources.contains(pair.first()) && !targets.contains(pair.second())) {
        sources.add(pair.first());
        targets.add(pair.second());
        mined.add(pair);
      }
    }
    return mined;
  }

  private static List<List<Pair>> nearest(List<float[]> queries, List<float[]> targets) {
    List<List<Pair>> all = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      all.add(Plain.ranking(i, queries.get(i), targets, true).subList(0, K));
    }
    return all;
  }

  private static double mean(List<Pair> row) {
    return row.stream().mapToDouble(Pair::score).reduce(0, Double::sum) / K;
  }

  private static Pair best(
      List<Pair> row, List<List<Pair>> own, List<List<Pair>> others, boolean swapped) {
    Pair best = null;
    for (Pair near : row) {
      double middle = (mean(own.get(near.first())) + mean(others.get(near.second()))) / 2;
      double score = near.score() / middle;
      if (best == null || score > best.score()) {
        best = new Pair(near.first(), near.second(), score);
      }
    }
    int query = best.first();
    int found = best.second();
    return swapped ? new Pair(found, query, best.score()) : best;
  }

  @Test
  void equalsPlainLoops() {
    List<float[]> source = Plain.vectors(2000, 48, 11);
    List<float[]> target = new ArrayList<>(Plain.vectors(1000, 48, 12));
    Random random = new Random(13);
    for (int i = 0; i < 1000; i++) { // half have a translation
      float[] translation = source.get(2 * i).clone();
      for (int c = 0; c < translation.length; c++) {
        translation[c] += 0.2f * (float) random.nextGaussian();
      }
      target.add(random.nextInt(target.size()), translation);
    }
    List<Pair> expected = plain(source, target);
    assertTrue(expected.size() > 1000, expected.size() + " pairs");
    try (ExactSearch search = ExactSearch.cosine(2)) {
      List<Pair> mined =
          MarginMining.mine(search, VectorSource.of(source), VectorSource.of(target), K);
      assertEquals(expected, mined, "pairs, scores and order");
    }
  }

  @Test
  void fewerThanTheNeighbours() {
    List<float[]> source = List.of(new float[] {1, 0}, new float[] {0, 1});
    List<float[]> target = List.of(new float[] {0, 2}, new float[] {3, 0}, new float[] {1, 1});
    double diagonal = 1 / Math.sqrt(2);
    double forward = (1 + diagonal) / 3;
    double backward = 0.5;
    try (ExactSearch search = ExactSearch.cosine(1)) {
      List<Pair> mined =
          MarginMining.mine(search, VectorSource.of(source), VectorSource.of(target), K);
      assertEquals(2, mined.size(), "one-to-one");
      assertEquals(1, mined.get(0).second());
      assertEquals(0, mined.get(1).second());
      assertEquals(1 / ((forward + backward) / 2), mined.get(0).score(), 1e-12);
    }
  }
}
