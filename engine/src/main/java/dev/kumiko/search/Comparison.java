package dev.kumiko.search;

import dev.kumiko.model.Similarity;
import java.util.Arrays;

/** Compares queries with their candidates in double precision; one thread's memory. */
final class Comparison {
  private final Similarity similarity;
  private final VectorSource queries;
  private final VectorSource targets;
  private final float[] query;
  private final float[] target;

  Comparison(Similarity similarity, VectorSource queries, VectorSource targets) {
    this.similarity = similarity;
    this.queries = queries;
    this.targets = targets;
    this.query = new float[queries.dimension()];
    this.target = new float[targets.dimension()];
  }

  /**
   * Compares one query.
   *
   * @param candidates the targets, in any order
   * @param each how many of them stay
   * @param indexes gets them, {@code [queries][each]}
   * @param scores gets how alike they are, the same
   */
  void compare(int row, int[] candidates, int each, int[] indexes, double[] scores) {
    queries.read(row, 1, query, 0);
    Pair[] pairs = new Pair[candidates.length];
    for (int i = 0; i < candidates.length; i++) {
      targets.read(candidates[i], 1, target, 0);
      pairs[i] = new Pair(row, candidates[i], Exact.similarity(similarity, query, target));
    }
    Arrays.sort(pairs, Pair.BEST_FIRST);
    for (int i = 0; i < each; i++) {
      indexes[row * each + i] = pairs[i].second();
      scores[row * each + i] = pairs[i].score();
    }
  }
}
