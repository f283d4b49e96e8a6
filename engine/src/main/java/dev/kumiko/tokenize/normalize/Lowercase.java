package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;
import dev.kumiko.tokenize.unicode.CharacterClasses;

/** Lower-cases every character without regard to its neighbours. */
final class Lowercase implements Normalizer {
  @Override
  public String normalize(String text, Alignment alignment) {
    int length = text.length();
    int i = 0;
    while (i < length && isAsciiWithoutCapitals(text.charAt(i))) {
      i++;
    }
    if (i == length) {
      return text;
    }
    StringBuilder lower = new StringBuilder(length).append(text, 0, i);
    alignment.keep(0, i);
    while (i < length) {
      int codePoint = text.codePointAt(i);
      if (codePoint < 0x80) {
        lower.append((char) Character.toLowerCase(codePoint));
      } else {
        for (int one : CharacterClasses.lowerCase(codePoint)) {
          lower.appendCodePoint(one);
        }
      }
      alignment.add(lower.length(), i);
      i += Character.charCount(codePoint);
    }
    alignment.finish();
    return lower.toString();
  }

  private static boolean isAsciiWithoutCapitals(char c) {
    return c < 0x80 && (c < 'A' || c > 'Z');
  }
}
