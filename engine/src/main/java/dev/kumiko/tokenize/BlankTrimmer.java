package dev.kumiko.tokenize;

import dev.kumiko.format.OffsetTrimming;
import dev.kumiko.tokenize.unicode.CharacterClasses;

/**
 * Takes from the spans of byte-level tokens the blanks at their ends, as many as their texts have.
 * As the reference does it, whatever stands in the text at these places.
 */
final class BlankTrimmer {
  /** How a byte-level vocabulary writes a blank. */
  private static final int BLANK = 0x120;

  private final String text;
  private final OffsetTrimming trimming;

  BlankTrimmer(String text, OffsetTrimming trimming) {
    this.text = text;
    this.trimming = trimming;
  }

  /**
   * Trims the span of a token.
   *
   * @param token its own text
   * @param index its place among the tokens of the text
   */
  void trim(String token, int index, int[] starts, int[] ends) {
    int leading = 0;
    while (leading < token.length() && isBlank(token.charAt(leading))) {
      leading++;
    }
    int trailing = 0;
    while (trailing < token.length() && isBlank(token.charAt(token.length() - 1 - trailing))) {
      trailing++;
    }
    boolean first = index == 0 || starts[index] == 0;
    if (first && leading == 1 && trimming == OffsetTrimming.ALL_BUT_FIRST) {
      leading = 0;
    }
    int end = ends[index];
    int start = starts[index];
    for (int i = 0; i < leading && start < end; i++) {
      start += Character.charCount(text.codePointAt(start));
    }
    starts[index] = start;
    for (int i = 0; i < trailing && end > start; i++) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    ends[index] = end;
  }

  private static boolean isBlank(char c) {
    return c == BLANK || CharacterClasses.isWhiteSpace(c);
  }
}
