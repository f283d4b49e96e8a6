package dev.kumiko.chunk;

import java.util.List;

/** What ends at a place in a text; the later, the better a chunk ends there. */
enum Boundary {
  /** Nothing: the place is inside a surrogate pair. */
  NONE,
  CODE_POINT,
  /** A grapheme cluster. */
  CLUSTER,
  /** A part of a word behind which a line may be wrapped. */
  PART,
  WORD,
  SENTENCE,
  LINE,
  PARAGRAPH;

  /** What a chunk may end with, the best first. */
  static final List<Boundary> BEST_FIRST =
      List.of(PARAGRAPH, LINE, SENTENCE, WORD, PART, CLUSTER, CODE_POINT);

  boolean isAtLeast(Boundary least) {
    return compareTo(least) >= 0;
  }
}
