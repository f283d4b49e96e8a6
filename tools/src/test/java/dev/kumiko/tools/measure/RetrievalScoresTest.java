package dev.kumiko.tools.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Worked examples of trec_eval's definitions: ndcg_cut with the grade as gain and log2(1 + rank),
 * ideal over all judged documents; recall; recip_rank.
 */
class RetrievalScoresTest {
  private static List<RankedDocument> ranking(String... ids) {
    List<RankedDocument> ranking = new ArrayList<>();
    for (String id : ids) {
      ranking.add(new RankedDocument(id, 1.0 / (1 + ranking.size())));
    }
    return ranking;
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }

  @Test
  void workedExample() {
    Judgements judgements = new Judgements();
    judgements.add("q1", "a", 2);
    judgements.add("q1", "b", 1);
    judgements.add("q1", "c", 0);
    judgements.add("q1", "d", 3);
    judgements.add("q1", "z", 1); // never found
    judgements.add("q2", "a", 1); // never found
    judgements.add("q2", "e", -1); // no gain
    judgements.add("q3", "f", 0); // nothing to find
    RetrievalScores scores = new RetrievalScores(judgements);
    scores.add("q1", ranking("b", "x", "d", "c", "a"));
    scores.add("q2", ranking("e", "x", "y"));
    scores.add("q3", ranking("f", "a"));
    double dcg3 = 1 / log2(2) + 3 / log2(4);
    double ideal3 = 3 / log2(2) + 2 / log2(3) + 1 / log2(4);
    assertEquals(dcg3 / ideal3 / 3, scores.ndcg(3), 1e-12);
    double dcg10 = dcg3 + 2 / log2(6);
    double ideal10 = ideal3 + 1 / log2(5);
    assertEquals(dcg10 / ideal10 / 3, scores.ndcg(10), 1e-12);
    assertEquals(0.17500166312830337, scores.ndcg(3), 1e-12, "scikit-learn's ndcg_score");
    assertEquals(2.0 / 4 / 3, scores.recall(3), 1e-12);
    assertEquals(3.0 / 4 / 3, scores.recall(10), 1e-12);
    assertEquals(1.0 / 3, scores.reciprocalRank(10), 1e-12);
    assertEquals(3, scores.queries());
  }

  @Test
  void theFirstRelevantOneBehindOthers() {
    Judgements judgements = new Judgements();
    judgements.add("q", "c", 1);
    RetrievalScores scores = new RetrievalScores(judgements);
    scores.add("q", ranking("a", "b", "c"));
    assertEquals(1.0 / 3, scores.reciprocalRank(10), 1e-12);
    assertEquals(0, scores.reciprocalRank(2));
    assertEquals(0.5, scores.ndcg(10), 1e-12);
  }

  /** trec_eval sorts equal scores by the document's name, the last first. */
  @Test
  void ofEqualScoresTheLaterNameStandsFirst() {
    Judgements judgements = new Judgements();
    judgements.add("q", "d1", 1);
    RetrievalScores scores = new RetrievalScores(judgements);
    scores.add("q", List.of(new RankedDocument("d1", 0.5), new RankedDocument("d2", 0.5)));
    assertEquals(0.5, scores.reciprocalRank(10), 1e-12);
  }
}
