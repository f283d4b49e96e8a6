package dev.kumiko.tokenize.split;

import dev.kumiko.tokenize.unicode.ScriptClasses;

/**
 * Splits where the script changes, and drops white space, which has a script itself: as <a
 * href="https://github.com/tensorflow/text">TensorFlow Text</a>'s {@code UnicodeScriptTokenizer}.
 *
 * <p>White space is Common, so that it parts two words of letters; but digits and punctuation are
 * Common, too, and are joined across it: {@code "1 2"} is the word {@code "12"}. Combining marks
 * are Inherited, a script as any other: they are not joined to the letter before them.
 */
final class ScriptSplitter implements Splitter {
  private static final int NONE = -1;

  @Override
  public Words split(Words words) {
    String text = words.text();
    StringBuilder kept = new StringBuilder(text.length());
    Words.Builder result = new Words.Builder(words);
    for (int i = 0; i < words.count(); i++) {
      int end = words.end(i);
      int start = kept.length();
      int script = NONE;
      boolean first =
          i == 0 && !ScriptClasses.isWhiteSpace(ScriptClasses.of(text.codePointAt(words.start(i))));
      for (int position = words.start(i); position < end; ) {
        int codePoint = text.codePointAt(position);
        int kind = ScriptClasses.of(codePoint);
        if (ScriptClasses.script(kind) != script) {
          result.add(start, kept.length(), first);
          start = kept.length();
          script = ScriptClasses.script(kind);
        }
        if (!ScriptClasses.isWhiteSpace(kind)) {
          kept.appendCodePoint(codePoint);
          words.alignment().add(kept.length(), position);
        }
        position += Character.charCount(codePoint);
      }
      result.add(start, kept.length(), first);
    }
    words.alignment().finish();
    return result.build(kept.toString());
  }
}
