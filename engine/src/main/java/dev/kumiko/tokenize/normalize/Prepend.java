package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;

/** Puts a text before what is not empty. */
final class Prepend implements Normalizer {
  private final String prefix;

  Prepend(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public String normalize(String text, Alignment alignment) {
    if (text.isEmpty()) {
      return text;
    }
    alignment.add(prefix.length(), 0);
    alignment.keep(0, text.length());
    alignment.finish();
    return prefix + text;
  }
}
