package dev.kumiko.tokenize.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.tokenize.Vocabularies;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  @Test
  void findsEveryTokenAndNoOther() {
    int size = 20_000;
    String[] tokens = new String[size];
    for (int id = 0; id < size; id++) {
      tokens[id] = (id % 2 == 0 ? "##" : "é") + Integer.toString(id, 36);
    }
    Vocabulary vocabulary = Vocabularies.of(tokens);
    assertEquals(size, vocabulary.size());
    for (int id = 0; id < size; id++) {
      assertEquals(id, vocabulary.id(tokens[id]));
      assertEquals(tokens[id], vocabulary.token(id));
      assertEquals(-1, vocabulary.id(tokens[id] + "_"));
    }
    assertEquals(-1, vocabulary.id(""));
  }

  @Test
  void findsATokenInTheMiddleOfABuffer() {
    Vocabulary vocabulary = Vocabularies.of("a", "bc");
    byte[] buffer = "abcd".getBytes(StandardCharsets.UTF_8);
    assertEquals(1, vocabulary.id(buffer, 1, 3));
    assertEquals(-1, vocabulary.id(buffer, 1, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> vocabulary.id(buffer, 3, 5));
  }

  @Test
  void anEmptyTokenIsAnUnusedId() {
    Vocabulary vocabulary = Vocabularies.of("", "a", "");
    assertEquals(3, vocabulary.size());
    assertEquals("", vocabulary.token(2));
    assertEquals(-1, vocabulary.id(""));
  }

  @Test
  void anEmptyVocabularyFindsNothing() {
    Vocabulary vocabulary = Vocabularies.of();
    assertEquals(0, vocabulary.size());
    assertEquals(-1, vocabulary.id("a"));
    assertThrows(IndexOutOfBoundsException.class, () -> vocabulary.token(0));
  }

  @Test
  void refusesATokenThatOccursTwice() {
    assertRefused("vocabulary has the token \"a\" twice: ids 0 and 2", bytes("aba"), 0, 1, 2, 3);
  }

  @Test
  void refusesOffsetsThatDoNotFit() {
    assertRefused("vocabulary has no offsets; it needs at least one, 0", bytes(""));
    assertRefused("vocabulary offsets must begin with 0, not 1", bytes("ab"), 1, 2);
    assertRefused(
        "vocabulary token 1 ends at byte 1, before its beginning at 2", bytes("ab"), 0, 2, 1, 2);
    assertRefused("vocabulary tokens end at byte 1, but there are 2 bytes", bytes("ab"), 0, 1);
    assertRefused("vocabulary token 0 ends at byte 3, but there are 2 bytes", bytes("ab"), 0, 3);
  }

  @Test
  void refusesWhatIsNotUtf8() {
    assertRefused(
        "vocabulary is not UTF-8 at byte 1, in token 1", new byte[] {'a', (byte) 0xFF}, 0, 1, 2);
    assertRefused(
        "vocabulary is not UTF-8 at byte 1, in token 0", new byte[] {'a', (byte) 0xC3}, 0, 2);
    assertRefused("vocabulary is not UTF-8 at byte 0, in token 0", bytes("é"), 0, 1, 2);
    assertRefused("vocabulary is not UTF-8 at byte 2, in token 1", bytes("éé"), 0, 2, 3, 4);
  }

  @Test
  void namesTheMissingArray() {
    assertEquals(
        "bytes",
        assertThrows(NullPointerException.class, () -> new Vocabulary(null, new int[1]))
            .getMessage());
    assertEquals(
        "offsets",
        assertThrows(NullPointerException.class, () -> new Vocabulary(new byte[0], null))
            .getMessage());
  }

  private static void assertRefused(String message, byte[] bytes, int... offsets) {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> new Vocabulary(bytes, offsets));
    assertEquals(message, refusal.getMessage());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
