package dev.kumiko;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** How well each document answers a query, and what that took. */
public final class Scores {
  private final float[] values;
  private final long tokens;

  /**
   * Takes the array over.
   *
   * @param values {@code [documents]}; more is better
   * @param tokens how many were computed, special tokens included
   */
  public Scores(float[] values, long tokens) {
    this.values = Objects.requireNonNull(values, "values is null");
    this.tokens = tokens;
  }

  /** {@return the scores in the order of the documents, {@code [documents]}; not a copy} */
  public float[] values() {
    return values;
  }

  /** {@return how many tokens were computed for all pairs, special tokens included} */
  public long tokens() {
    return tokens;
  }

  /** {@return the documents' places, best first; of equal scores the first one given} */
  public List<Ranked> ranking() {
    List<Ranked> ranking = new ArrayList<>(values.length);
    for (int i = 0; i < values.length; i++) {
      ranking.add(new Ranked(i, values[i]));
    }
    ranking.sort(Ranked.BEST_FIRST);
    return ranking;
  }
}
