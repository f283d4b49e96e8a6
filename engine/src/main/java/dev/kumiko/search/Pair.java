package dev.kumiko.search;

import java.util.Comparator;

/**
 * Two vectors that belong together.
 *
 * @param first the one, from 0
 * @param second the other
 * @param score how alike they are; more is more alike
 */
public record Pair(int first, int second, double score) {
  /** The highest score first; among equals what stands first. */
  public static final Comparator<Pair> BEST_FIRST =
      Comparator.comparingDouble(Pair::score)
          .reversed()
          .thenComparingInt(Pair::first)
          .thenComparingInt(Pair::second);
}
