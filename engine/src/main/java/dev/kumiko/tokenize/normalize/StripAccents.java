package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;
import java.util.function.IntPredicate;

/** Drops combining marks of some kind. */
final class StripAccents implements Normalizer {
  private static final int FIRST_MARK = 0x300;

  private final IntPredicate marks;

  StripAccents(IntPredicate marks) {
    this.marks = marks;
  }

  @Override
  public String normalize(String text, Alignment alignment) {
    StringBuilder kept = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (codePoint < FIRST_MARK || !marks.test(codePoint)) {
        kept.appendCodePoint(codePoint);
        alignment.add(kept.length(), i);
      }
      i += Character.charCount(codePoint);
    }
    alignment.finish();
    return kept.length() == text.length() ? text : kept.toString();
  }
}
