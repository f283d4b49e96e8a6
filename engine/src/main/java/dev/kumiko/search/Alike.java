package dev.kumiko.search;

import java.util.List;

/**
 * Pairs of one set that are alike.
 *
 * @param pairs the best first, each with the lower index first
 * @param complete whether these are all; if not, there were more than asked for
 */
public record Alike(List<Pair> pairs, boolean complete) {
  /** Copies the list. */
  public Alike {
    pairs = List.copyOf(pairs);
  }
}
