package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;
import dev.kumiko.tokenize.unicode.CharacterClasses;

/** Drops white space at the beginning, at the end, or both. */
final class Strip implements Normalizer {
  private final boolean left;
  private final boolean right;

  Strip(boolean left, boolean right) {
    this.left = left;
    this.right = right;
  }

  @Override
  public String normalize(String text, Alignment alignment) {
    int start = 0;
    int end = text.length();
    while (left && start < end && CharacterClasses.isWhiteSpace(text.charAt(start))) {
      start++;
    }
    while (right && end > start && CharacterClasses.isWhiteSpace(text.charAt(end - 1))) {
      end--;
    }
    alignment.keep(start, end);
    alignment.finish();
    return text.substring(start, end);
  }
}
