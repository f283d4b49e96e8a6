package dev.kumiko.chunk;

import java.util.List;
import java.util.function.ToIntFunction;

/** Ways to count tokens that a reader can follow, each with two special tokens. */
final class Counters {
  private Counters() {}

  /** Parts between white space. */
  static int words(String text) {
    int words = 0;
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      boolean word = !Character.isWhitespace(text.charAt(i));
      words += word && !inside ? 1 : 0;
      inside = word;
    }
    return words + 2;
  }

  static int codePoints(String text) {
    return text.codePointCount(0, text.length()) + 2;
  }

  /** The texts of chunks without overlap. */
  static List<String> split(ToIntFunction<String> counter, int maxTokens, String text) {
    return texts(TextSplitter.builder(counter).maxTokens(maxTokens).build(), text);
  }

  static List<String> texts(TextSplitter splitter, String text) {
    return splitter.split(text).stream().map(Chunk::text).toList();
  }
}
