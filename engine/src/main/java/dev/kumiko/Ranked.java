package dev.kumiko;

import java.util.Comparator;

/**
 * A document's place in a ranking.
 *
 * @param index its index among the documents that were given
 * @param score its score; more is better
 */
public record Ranked(int index, float score) {
  /** The higher score first; of equal scores the document that was given first. */
  public static final Comparator<Ranked> BEST_FIRST =
      Comparator.comparingDouble(Ranked::score).reversed().thenComparingInt(Ranked::index);
}
