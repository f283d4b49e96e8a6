package dev.kumiko.tokenize;

import java.util.Objects;

/** The one thing that makes a Java string no text: half of a surrogate pair. */
public final class WellFormedText {
  private static final char REPLACEMENT = '\uFFFD';

  /**
   * A text that is well-formed now.
   *
   * @param replacements so many halves of surrogate pairs became U+FFFD
   */
  public record Repaired(String text, int replacements) {}

  private WellFormedText() {}

  /**
   * Checks a text.
   *
   * @param name what the text is called in the message
   * @return the text
   * @throws NullPointerException if it is null
   * @throws IllegalArgumentException if it has a lone surrogate; the message has its index
   */
  public static String require(String name, String text) {
    Objects.requireNonNull(text, () -> name + " is null");
    int lone = lone(text, 0);
    if (lone >= 0) {
      throw new IllegalArgumentException(
          "%s has a lone surrogate U+%04X at index %d; it is not valid Unicode"
              .formatted(name, (int) text.charAt(lone), lone));
    }
    return text;
  }

  /**
   * Puts U+FFFD in the place of lone surrogates.
   *
   * @param name what the text is called in the message
   * @throws NullPointerException if it is null
   */
  public static Repaired repair(String name, String text) {
    Objects.requireNonNull(text, () -> name + " is null");
    int lone = lone(text, 0);
    if (lone < 0) {
      return new Repaired(text, 0);
    }
    StringBuilder repaired = new StringBuilder(text);
    int replacements = 0;
    for (; lone >= 0; lone = lone(text, lone + 1)) {
      repaired.setCharAt(lone, REPLACEMENT);
      replacements++;
    }
    return new Repaired(repaired.toString(), replacements);
  }

  /** Returns the index of the first lone surrogate from an index on, or -1. */
  private static int lone(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
