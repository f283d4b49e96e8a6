package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;
import dev.kumiko.tokenize.unicode.CharacterClasses;

/** Drops controls and what else BERT takes for no text, and makes white space blanks. */
final class CleanText implements Normalizer {
  @Override
  public String normalize(String text, Alignment alignment) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      if (!CharacterClasses.isRemoved(codePoint)) {
        clean.appendCodePoint(CharacterClasses.isWhiteSpace(codePoint) ? ' ' : codePoint);
        alignment.add(clean.length(), i);
      }
      i += Character.charCount(codePoint);
    }
    alignment.finish();
    return clean.toString();
  }
}
