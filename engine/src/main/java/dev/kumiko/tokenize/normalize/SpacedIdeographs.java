package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;
import dev.kumiko.tokenize.unicode.CharacterClasses;

/** Puts blanks around every ideograph. */
final class SpacedIdeographs implements Normalizer {
  @Override
  public String normalize(String text, Alignment alignment) {
    StringBuilder spaced = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (CharacterClasses.isIdeograph(codePoint)) {
        spaced.append(' ').appendCodePoint(codePoint).append(' ');
      } else {
        spaced.appendCodePoint(codePoint);
      }
      alignment.add(spaced.length(), i);
      i += Character.charCount(codePoint);
    }
    alignment.finish();
    return spaced.toString();
  }
}
