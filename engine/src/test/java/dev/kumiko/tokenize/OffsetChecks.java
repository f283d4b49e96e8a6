package dev.kumiko.tokenize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What holds for the offsets of every text. */
final class OffsetChecks {
  private OffsetChecks() {}

  /** Checks the offsets of a text and returns them. */
  static OffsetEncoding check(Tokenizer tokenizer, String text, int max) {
    Encoding expected = tokenizer.encode(text, max);
    OffsetEncoding found = tokenizer.encodeWithOffsets(text, max);
    assertArrayEquals(expected.ids(), found.encoding().ids(), text);
    assertEquals(expected.truncated(), found.encoding().truncated(), text);
    assertEquals(expected.firstLength(), found.encoding().firstLength(), text);
    int specials = 0;
    int start = 0;
    for (int i = 0; i < found.length(); i++) {
      if (found.special(i)) {
        specials++;
        assertEquals(0, found.start(i));
        assertEquals(0, found.end(i));
        continue;
      }
      assertTrue(start <= found.start(i), text);
      start = found.start(i);
      assertTrue(start <= found.end(i) && found.end(i) <= text.length(), text);
      assertTrue(isBoundary(text, start) && isBoundary(text, found.end(i)), text);
    }
    assertEquals(tokenizer.specials(), specials);
    return found;
  }

  private static boolean isBoundary(String text, int index) {
    return index == 0
        || index == text.length()
        || !Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
  }
}
