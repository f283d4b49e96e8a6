package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;
import dev.kumiko.tokenize.IdBuffer;

/**
 * What a step made of a text, as the reference puts it: with each character of the new text a
 * number, 1 if it is inserted, 0 if it replaces the next character of the old text, and -n if n
 * characters behind that one are dropped. Belongs to one call, except for {@link #NONE}.
 */
final class Changes {
  /** Takes note of nothing. */
  private static final Changes NONE = new Changes(Alignment.NONE);

  private final Alignment alignment;

  /** How many chars each character of the new text has. */
  private final IdBuffer widths = new IdBuffer(Integer.MAX_VALUE);

  private final IdBuffer changes = new IdBuffer(Integer.MAX_VALUE);

  private Changes(Alignment alignment) {
    this.alignment = alignment;
  }

  /** Changes that are told to an alignment. */
  static Changes to(Alignment alignment) {
    return alignment.isKept() ? new Changes(alignment) : NONE;
  }

  /** Whether anything is taken note of. */
  boolean isKept() {
    return this != NONE;
  }

  /** Adds a character of the new text. */
  void add(int codePoint, int change) {
    if (this != NONE) {
      widths.add(Character.charCount(codePoint));
      changes.add(change);
    }
  }

  /** The next characters, those in {@code old[from, to)}, have become {@code now[start ...]}. */
  void replace(CharSequence old, int from, int to, StringBuilder now, int start) {
    if (this == NONE) {
      return;
    }
    int dropped = Character.codePointCount(old, from, to);
    for (int i = start; i < now.length(); ) {
      int codePoint = now.codePointAt(i);
      add(codePoint, dropped > 0 ? 0 : 1);
      dropped--;
      i += Character.charCount(codePoint);
    }
    // What is dropped at the very beginning is forgotten, as in the reference.
    int last = changes.size() - 1;
    if (dropped > 0 && last >= 0) {
      changes.set(last, changes.get(last) - dropped);
    }
  }

  /** Tells the alignment, which has followed {@code old} to here. */
  void finish(String old) {
    if (this == NONE) {
      return;
    }
    int length = 0;
    int place = 0;
    for (int i = 0; i < changes.size(); i++) {
      length += widths.get(i);
      int change = changes.get(i);
      if (change > 0) {
        alignment.add(length, Math.max(0, place - 1));
      } else {
        alignment.add(length, place);
        place = old.offsetByCodePoints(place, 1 - change);
      }
    }
    alignment.finish();
  }
}
