package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;
import dev.kumiko.tokenize.pattern.TextFinder;

/** Puts a text in place of everything that matches. */
final class Replace implements Normalizer {
  private final TextFinder pattern;
  private final String content;

  Replace(TextFinder pattern, String content) {
    this.pattern = pattern;
    this.content = content;
  }

  @Override
  public String normalize(String text, Alignment alignment) {
    TextFinder.Matches matches = pattern.in(text, 0, text.length());
    if (!matches.next()) {
      return text;
    }
    StringBuilder replaced = new StringBuilder(text.length());
    int position = 0;
    do {
      replaced.append(text, position, matches.start()).append(content);
      alignment.keep(position, matches.start());
      alignment.add(replaced.length(), matches.end() - 1);
      position = matches.end();
    } while (matches.next());
    alignment.keep(position, text.length());
    alignment.finish();
    return replaced.append(text, position, text.length()).toString();
  }
}
