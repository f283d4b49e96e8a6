package dev.kumiko.chunk;

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

  private static final Boundary[] VALUES = values();

  static Boundary of(byte ordinal) {
    return VALUES[ordinal];
  }

  Boundary worse() {
    return VALUES[ordinal() - 1];
  }
}
