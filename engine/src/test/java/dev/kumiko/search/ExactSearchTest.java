package dev.kumiko.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.Similarity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against plain loops in double precision: the same scores to the last bit, in the same order. */
class ExactSearchTest {
  private static void assertNearest(
      List<float[]> queries, List<float[]> targets, int k, boolean cosine, Neighbours found) {
    assertEquals(queries.size(), found.queries());
    assertEquals(Math.min(k, targets.size()), found.each());
    for (int query = 0; query < queries.size(); query++) {
      List<Pair> expected = Plain.ranking(query, queries.get(query), targets, cosine);
      for (int rank = 0; rank < found.each(); rank++) {
        String place = "query " + query + ", rank " + rank;
        assertEquals(expected.get(rank).second(), found.index(query, rank), place);
        assertEquals(expected.get(rank).score(), found.score(query, rank), place);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1",
    "1, 700, 48, 10, 1",
    "300, 700, 37, 4, 2",
    "700, 300, 64, 5, 3",
    "5, 3, 16, 10, 2",
    "1100, 1500, 24, 3, 2",
    "2, 1300, 520, 100, 2"
  })
  void nearestEqualPlainLoops(int queries, int targets, int dimension, int k, int threads) {
    List<float[]> q = Plain.vectors(queries, dimension, 2);
    List<float[]> t = Plain.vectors(targets, dimension, 3);
    try (ExactSearch cosine = ExactSearch.cosine(threads);
        ExactSearch dot = ExactSearch.by(Similarity.DOT, threads)) {
      assertNearest(q, t, k, true, cosine.nearest(VectorSource.of(q), VectorSource.of(t), k));
      assertNearest(q, t, k, false, dot.nearest(VectorSource.of(q), VectorSource.of(t), k));
      BothWays both = cosine.bothWays(VectorSource.of(q), VectorSource.of(t), k);
      assertNearest(q, t, k, true, both.forward());
      assertNearest(t, q, k, true, both.backward());
    }
  }

  @Test
  void ofEqualTargetsTheFirstAreFound() {
    List<float[]> targets = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      targets.add(new float[] {i % 3 == 0 ? 1 : 0.5f, i % 3 == 0 ? 0.25f : 1, 0});
    }
    targets.set(0, new float[3]);
    List<float[]> queries = List.of(new float[] {1, 0.25f, 0}, new float[3]);
    try (ExactSearch search = ExactSearch.cosine(2)) {
      Neighbours found = search.nearest(VectorSource.of(queries), VectorSource.of(targets), 5);
      for (int rank = 0; rank < 5; rank++) {
        assertEquals(3 + 3 * rank, found.index(0, rank), "the same vectors in their order");
        assertEquals(rank, found.index(1, rank), "zeros are equally far from everything");
        assertEquals(0, found.score(1, rank));
      }
    }
  }

  @Test
  void pairsEqualPlainLoops() {
    List<float[]> vectors = Plain.vectors(1200, 32, 4);
    vectors.set(1100, vectors.get(5).clone());
    List<Pair> expected = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      for (int j = i + 1; j < vectors.size(); j++) {
        double cosine = Plain.cosine(vectors.get(i), vectors.get(j));
        if (cosine >= 0.8) {
          expected.add(new Pair(i, j, cosine));
        }
      }
    }
    expected.sort(Pair.BEST_FIRST);
    assertTrue(expected.size() > 50, expected.size() + " pairs");
    try (ExactSearch search = ExactSearch.cosine(2)) {
      Alike all = search.pairs(VectorSource.of(vectors), 0.8, 1_000_000);
      assertEquals(expected, all.pairs());
      assertTrue(all.complete());
      assertEquals(new Pair(5, 1100, all.pairs().getFirst().score()), all.pairs().getFirst());
      Alike best = search.pairs(VectorSource.of(vectors), 0.8, 20);
      assertEquals(expected.subList(0, 20), best.pairs());
      assertFalse(best.complete());
    }
  }

  @Test
  void rescoringChoosesAmongCandidates() {
    List<float[]> q = Plain.vectors(20, 32, 5);
    List<float[]> t = Plain.vectors(200, 32, 6);
    try (ExactSearch search = ExactSearch.cosine(2)) {
      VectorSource queries = VectorSource.of(q);
      VectorSource targets = VectorSource.of(t);
      Neighbours all = search.nearest(queries, targets, 200);
      assertNearest(q, t, 7, true, search.rescore(queries, targets, all, 7));
      Exception e =
          assertThrows(
              IllegalArgumentException.class, () -> search.rescore(targets, targets, all, 7));
      assertEquals("candidates of 20 queries, but there are 200", e.getMessage());
    }
  }

  @Test
  void someOfTheVectors() {
    List<float[]> vectors = Plain.vectors(600, 8, 7);
    int[] rows = new int[300];
    List<float[]> some = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i < 100 ? i : 2 * i;
      some.add(vectors.get(rows[i]));
    }
    try (ExactSearch search = ExactSearch.cosine(1)) {
      VectorSource selected = VectorSource.of(vectors).select(rows);
      assertNearest(vectors, some, 3, true, search.nearest(VectorSource.of(vectors), selected, 3));
    }
    VectorSource source = VectorSource.of(vectors);
    assertThrows(IndexOutOfBoundsException.class, () -> source.select(new int[] {600}));
  }

  @Test
  void whatCannotBeSearchedIsNamed() {
    List<float[]> vectors = Plain.vectors(600, 4, 8);
    VectorSource good = VectorSource.of(Plain.vectors(600, 4, 8));
    vectors.get(500)[2] = Float.NaN;
    VectorSource bad = VectorSource.of(vectors);
    try (ExactSearch search = ExactSearch.cosine(2)) {
      refused("targets: the component 2 of vector 500 is NaN", () -> search.nearest(good, bad, 3));
      refused("vectors: the component 2 of vector 500 is NaN", () -> search.pairs(bad, 0.5, 9));
      VectorSource other = VectorSource.of(Plain.vectors(3, 5, 9));
      refused(
          "vectors of 4 and of 5 components; were they made by different models?",
          () -> search.bothWays(good, other, 3));
      refused("the number to find must be at least 1, not 0", () -> search.nearest(good, good, 0));
    }
    VectorSource far = VectorSource.of(List.of(new float[] {3e20f}));
    try (ExactSearch search = ExactSearch.by(Similarity.DOT, 1)) {
      refused("queries: vector 0 is longer than 1.00000e+18", () -> search.nearest(far, far, 1));
    }
    refused(
        "searches are by COSINE or DOT, not by EUCLIDEAN",
        () -> ExactSearch.by(Similarity.EUCLIDEAN, 1));
    refused("threads must be at least 1, not 0", () -> ExactSearch.cosine(0));
    refused("there are no vectors", () -> VectorSource.of(List.of()));
    refused(
        "vector 1 has 3 components, but the first has 2",
        () -> VectorSource.of(List.of(new float[2], new float[3])));
  }

  private static void refused(String message, Runnable call) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, call::run).getMessage(), message);
  }

  @Test
  void progressEndsWithAllAndAnInterruptEndsTheSearch() {
    VectorSource vectors = VectorSource.of(Plain.vectors(2000, 8, 10));
    List<Double> parts = new ArrayList<>();
    try (ExactSearch search = ExactSearch.cosine(1)) {
      search.reporting(parts::add).nearest(vectors, vectors, 1);
      assertEquals(1.0, parts.getLast());
      assertTrue(parts.size() > 5, parts.toString());
      Thread.currentThread().interrupt();
      assertThrows(CancellationException.class, () -> search.nearest(vectors, vectors, 1));
      assertTrue(Thread.interrupted());
    }
  }
}
