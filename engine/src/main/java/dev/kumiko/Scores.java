package dev.kumiko;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** How well each document answers a query, and what that took. */
public final class Scores {
  private final float[] values;
  private final long tokens;
  private final boolean[] cut;

  /**
   * Takes the array over.
   *
   * @param values {@code [documents]}; more is better
   * @param tokens how many were computed, special tokens included
   */
  public Scores(float[] values, long tokens) {
    this(values, tokens, new boolean[values.length]);
  }

  Scores(float[] values, long tokens, boolean[] cut) {
    this.values = Objects.requireNonNull(values, "values is null");
    this.tokens = tokens;
    this.cut = cut;
  }

  /** {@return the scores in the order of the documents, {@code [documents]}; not a copy} */
  public float[] values() {
    return values;
  }

  /** {@return how many tokens were computed for all pairs, special tokens included} */
  public long tokens() {
    return tokens;
  }

  /**
   * Returns whether query and document had more tokens than the model takes, so that the end of the
   * longer one was left out.
   *
   * @param document its index, from 0
   * @return whether it was
   */
  public boolean truncated(int document) {
    return cut[document];
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
