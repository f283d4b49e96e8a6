package dev.kumiko.tokenize.split;

import dev.kumiko.tokenize.unicode.ScriptClasses;

/**
 * Splits into characters the words that begin with one of Han, that have an emoji in them, or that
 * are nothing but punctuation and symbols.
 */
final class CharacterSplitter implements Splitter {
  @Override
  public Words split(Words words) {
    String text = words.text();
    Words.Builder result = new Words.Builder(words);
    for (int i = 0; i < words.count(); i++) {
      int start = words.start(i);
      int end = words.end(i);
      if (!isSpelt(text, start, end)) {
        result.add(start, end, i == 0);
        continue;
      }
      for (int position = start; position < end; ) {
        int next = position + Character.charCount(text.codePointAt(position));
        result.add(position, next, i == 0);
        position = next;
      }
    }
    return result.build(text);
  }

  private static boolean isSpelt(String text, int start, int end) {
    if (ScriptClasses.isHan(ScriptClasses.of(text.codePointAt(start)))) {
      return true;
    }
    boolean onlyPunctuation = true;
    for (int position = start; position < end; ) {
      int codePoint = text.codePointAt(position);
      int kind = ScriptClasses.of(codePoint);
      if (ScriptClasses.isEmoji(kind)) {
        return true;
      }
      onlyPunctuation &= ScriptClasses.isPunctuation(kind);
      position += Character.charCount(codePoint);
    }
    return onlyPunctuation;
  }
}
