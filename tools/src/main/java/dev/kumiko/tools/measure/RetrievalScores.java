package dev.kumiko.tools.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * How well rankings agree with judgements, as trec_eval defines it: means over all queries that
 * have judgements; one without a relevant document has 0 everywhere.
 */
public final class RetrievalScores {
  private final Judgements judgements;
  private final List<List<Integer>> rankings = new ArrayList<>();
  private final List<List<Integer>> ideals = new ArrayList<>();

  /** Begins with no ranking. */
  public RetrievalScores(Judgements judgements) {
    this.judgements = judgements;
  }

  /**
   * Adds what was found for a query.
   *
   * @param found any number of documents, in any order
   */
  public void add(String query, List<RankedDocument> found) {
    Map<String, Integer> grades = judgements.of(query);
    List<RankedDocument> ranking = new ArrayList<>(found);
    ranking.sort(RankedDocument.BEST_FIRST);
    rankings.add(
        ranking.stream().map(document -> gain(grades.getOrDefault(document.id(), 0))).toList());
    List<Integer> ideal = new ArrayList<>();
    for (int grade : grades.values()) {
      if (grade > 0) {
        ideal.add(grade);
      }
    }
    ideal.sort(Collections.reverseOrder());
    ideals.add(ideal);
  }

  private static int gain(int grade) {
    return Math.max(0, grade);
  }

  /** Returns the number of queries. */
  public int queries() {
    return rankings.size();
  }

  /**
   * Returns the mean of {@code DCG / ideal DCG} of the first k, {@code DCG = sum of grade / log2(1
   * + rank)} (Jarvelin and Kekalainen 2002; trec_eval's ndcg_cut): the gain is the grade itself,
   * not 2 to its power.
   */
  public double ndcg(int k) {
    double sum = 0;
    for (int query = 0; query < queries(); query++) {
      double ideal = dcg(ideals.get(query), k);
      sum += ideal == 0 ? 0 : dcg(rankings.get(query), k) / ideal;
    }
    return sum / queries();
  }

  private static double dcg(List<Integer> gains, int k) {
    double sum = 0;
    for (int rank = 1; rank <= Math.min(k, gains.size()); rank++) {
      sum += gains.get(rank - 1) / (Math.log(1 + rank) / Math.log(2));
    }
    return sum;
  }

  /** Returns the mean part of the relevant documents that is among the first k. */
  public double recall(int k) {
    double sum = 0;
    for (int query = 0; query < queries(); query++) {
      long found = rankings.get(query).stream().limit(k).filter(gain -> gain > 0).count();
      int relevant = ideals.get(query).size();
      sum += relevant == 0 ? 0 : (double) found / relevant;
    }
    return sum / queries();
  }

  /** Returns the mean of one by the rank of the first relevant document, 0 if none is in k. */
  public double reciprocalRank(int k) {
    double sum = 0;
    for (List<Integer> ranking : rankings) {
      for (int rank = 1; rank <= Math.min(k, ranking.size()); rank++) {
        if (ranking.get(rank - 1) > 0) {
          sum += 1.0 / rank;
          break;
        }
      }
    }
    return sum / queries();
  }
}
