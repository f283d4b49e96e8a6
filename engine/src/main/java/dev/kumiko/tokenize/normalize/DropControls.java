package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;
import dev.kumiko.tokenize.unicode.ScriptClasses;

/** Drops control and format characters. */
final class DropControls implements Normalizer {
  @Override
  public String normalize(String text, Alignment alignment) {
    int length = text.length();
    int i = 0;
    while (i < length && !isControl(text, i)) {
      i++;
    }
    if (i == length) {
      return text;
    }
    StringBuilder kept = new StringBuilder(length).append(text, 0, i);
    alignment.keep(0, i);
    while (i < length) {
      int codePoint = text.codePointAt(i);
      if (!ScriptClasses.isControl(ScriptClasses.of(codePoint))) {
        kept.appendCodePoint(codePoint);
        alignment.add(kept.length(), i);
      }
      i += Character.charCount(codePoint);
    }
    alignment.finish();
    return kept.toString();
  }

  /** Of the second half of a pair, no. */
  private static boolean isControl(String text, int i) {
    return ScriptClasses.isControl(ScriptClasses.of(text.codePointAt(i)));
  }
}
