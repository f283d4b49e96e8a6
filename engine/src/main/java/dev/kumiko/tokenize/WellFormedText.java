package dev.kumiko.tokenize;

import java.util.Objects;

/** The one thing that makes a Java string no text: half of a surrogate pair. */
public final class WellFormedText {
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
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new IllegalArgumentException(
              "%s has a lone surrogate U+%04X at index %d; it is not valid Unicode"
                  .formatted(name, (int) c, i));
        }
        i++;
      }
    }
    return text;
  }
}
