package dev.kumiko.tokenize.normalize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A trie of one rule, {@code a} to {@code é}, written down unit by unit. */
class CharacterTrieTest {
  private static final int HAS_VALUE = 1 << 8;
  private static final int VALUE = 1 << 31;

  /** The root's children are at 128 ^ byte, the children of {@code a} at 225 ^ 2 ^ byte. */
  private static int[] units() {
    int[] units = new int[256];
    units[0] = 128 << 10;
    units[128 ^ 'a'] = (2 << 10) | HAS_VALUE | 'a';
    units[128 ^ 'a' ^ 2] = VALUE;
    return units;
  }

  private static byte[] bytes(int[] units, String replacements) {
    byte[] text = replacements.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(4 + 4 * units.length + text.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(4 * units.length);
    for (int unit : units) {
      out.putInt(unit);
    }
    return out.put(text).array();
  }

  private static String replace(String text) {
    return new Precompiled(CharacterTrie.read(bytes(units(), "é\0"))).normalize(text);
  }

  @Test
  void replacesCharactersAndShortClusters() {
    assertEquals("bébé", replace("baba"));
    // As in the reference: a short cluster is replaced if any beginning of it has a rule.
    assertEquals("éx", replace("a\u0301x"));
    assertEquals("éb\u0301", replace("ab\u0301"));
    // A longer one is replaced character by character.
    assertEquals("é\u0301\u0301\u0301", replace("a\u0301\u0301\u0301"));
    assertEquals("\u0000é", replace("\u0000a"));
    assertEquals("", replace(""));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertRefused("has 3 bytes, but its length alone takes 4", new byte[3]);
    assertRefused("has a trie of 0 bytes", new byte[8]);
    assertRefused(
        "has a trie of 1024 bytes, but 1000 bytes", Arrays.copyOf(bytes(units(), ""), 1000));
    byte[] negative = bytes(units(), "é\0");
    negative[3] = (byte) 0x80;
    assertRefused("has a trie of 2147484672 bytes", negative);
    int[] far = units();
    far[128 ^ 'a'] |= 1 << 30;
    assertRefused("unit 225 has its value at unit", bytes(far, "é\0"));
    int[] beyond = units();
    beyond[128 ^ 'a' ^ 2] = VALUE | 3;
    assertRefused("unit 225 has value 3", bytes(beyond, "é\0"));
    beyond[128 ^ 'a' ^ 2] = VALUE | 1;
    assertRefused("unit 225 has value 1, which is no beginning", bytes(beyond, "é\0"));
    byte[] notUtf8 = bytes(units(), "é\0");
    notUtf8[notUtf8.length - 2] = 'x';
    assertRefused("replacements that are not UTF-8", notUtf8);
    CharacterTrie.read(bytes(units(), "é\0" + "b".repeat(256)));
    assertRefused(
        "a replacement of 257 bytes at byte 3 of them; Kumiko allows 256",
        bytes(units(), "é\0" + "b".repeat(257) + "\0"));
  }

  private static void assertRefused(String part, byte[] bytes) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> CharacterTrie.read(bytes)).getMessage();
    assertTrue(message.startsWith("character map") && message.contains(part), message);
  }

  @Property
  void aDamagedTrieIsRefusedOrHarmless(
      @ForAll @IntRange(max = 1030) int place, @ForAll byte value) {
    byte[] bytes = bytes(units(), "é\0");
    bytes[place % bytes.length] = value;
    CharacterTrie trie;
    try {
      trie = CharacterTrie.read(bytes);
    } catch (IllegalArgumentException e) {
      assertTrue(e.getMessage().startsWith("character map"), e.getMessage());
      return;
    }
    String normalized = new Precompiled(trie).normalize("abcABC\u0000\u0301é🙂\u0915\u094D");
    assertTrue(normalized.length() < 100, normalized);
  }
}
