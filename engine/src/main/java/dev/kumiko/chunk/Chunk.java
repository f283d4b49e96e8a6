package dev.kumiko.chunk;

import java.util.Objects;

/**
 * A part of a text.
 *
 * @param text the part itself: {@code whole.substring(start, end)}
 * @param start index in the whole text, in UTF-16 units as of {@link String#charAt}
 * @param end index behind the last unit
 * @param tokens how many tokens the part has alone, as the splitter's counter counts: with special
 *     tokens and prompt
 */
public record Chunk(String text, int start, int end, int tokens) {
  /**
   * Checks that the indexes are of a part as long as the text.
   *
   * @throws IllegalArgumentException if they are not
   */
  public Chunk {
    Objects.requireNonNull(text, "text is null");
    if (start < 0 || (long) end - start != text.length()) {
      throw new IllegalArgumentException(
          "a text of %,d characters cannot be from %,d to %,d"
              .formatted(text.length(), start, end));
    }
  }
}
