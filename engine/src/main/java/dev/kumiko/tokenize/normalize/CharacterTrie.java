package dev.kumiko.tokenize.normalize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * SentencePiece's compiled normalisation rules: a double-array trie, laid out as by <a
 * href="https://github.com/s-yata/darts-clone">Darts-clone</a>, from UTF-8 bytes to replacements.
 * Immutable and safe for concurrent use.
 *
 * <p>A unit has the label of the byte that leads to it, and where its children are: child {@code b}
 * of the node at {@code n} is at {@code n ^ offset ^ b}, and a value at {@code n ^ offset}.
 */
public final class CharacterTrie {
  private static final int VALUE = 1 << 31;
  private static final int HAS_VALUE = 1 << 8;

  /** Bytes; the longest of SentencePiece's own rules makes 33. */
  private static final int LONGEST_REPLACEMENT = 256;

  private final int[] units;
  private final byte[] replacements;

  private CharacterTrie(int[] units, byte[] replacements) {
    this.units = units;
    this.replacements = replacements;
  }

  /**
   * Reads the rules.
   *
   * @throws IllegalArgumentException if they are malformed
   */
  public static CharacterTrie read(byte[] bytes) {
    if (bytes.length < Integer.BYTES) {
      throw new IllegalArgumentException(
          "character map has %d bytes, but its length alone takes 4".formatted(bytes.length));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long size = Integer.toUnsignedLong(in.getInt());
    if (size < Integer.BYTES || size % Integer.BYTES != 0 || size > in.remaining()) {
      throw new IllegalArgumentException(
          "character map has a trie of %d bytes, but %d bytes in all; a trie is units of 4 bytes"
              .formatted(size, bytes.length));
    }
    int[] units = new int[(int) size / Integer.BYTES];
    in.asIntBuffer().get(units);
    in.position(in.position() + (int) size);
    byte[] replacements = new byte[in.remaining()];
    in.get(replacements);
    CharacterTrie trie = new CharacterTrie(units, replacements);
    trie.requireUtf8();
    trie.requireShort();
    trie.requireValues();
    return trie;
  }

  /**
   * Where the replacement of {@code text[0, length)} begins, or -1 if there is none. As in the
   * reference, it is the one of the shortest beginning that has any.
   */
  int find(byte[] text, int length) {
    int node = offset(units[0]);
    for (int i = 0; i < length && text[i] != 0; i++) {
      int label = text[i] & 0xFF;
      node ^= label;
      if (node >= units.length || (units[node] & (VALUE | 0xFF)) != label) {
        return -1;
      }
      int unit = units[node];
      node ^= offset(unit);
      if ((unit & HAS_VALUE) != 0) {
        return units[node] & ~VALUE;
      }
    }
    return -1;
  }

  /** Adds the replacement that begins at {@code index}. */
  void append(int index, StringBuilder text) {
    text.append(new String(replacements, index, length(index), StandardCharsets.UTF_8));
  }

  private int length(int index) {
    int end = index;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    return end - index;
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
  }

  private void requireUtf8() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("character map has replacements that are not UTF-8", e);
    }
  }

  /** What a character is replaced by has an end soon, so that texts stay texts. */
  private void requireShort() {
    for (int i = 0; i < replacements.length; i += length(i) + 1) {
      if (length(i) > LONGEST_REPLACEMENT) {
        throw new IllegalArgumentException(
            "character map has a replacement of %d bytes at byte %d of them; Kumiko allows %d"
                .formatted(length(i), i, LONGEST_REPLACEMENT));
      }
    }
  }

  /** Every value lies in the trie and is the beginning of a character. */
  private void requireValues() {
    for (int i = 0; i < units.length; i++) {
      if ((units[i] & VALUE) == 0 && (units[i] & HAS_VALUE) != 0) {
        int node = i ^ offset(units[i]);
        if (node >= units.length) {
          throw new IllegalArgumentException(
              "character map: unit %d has its value at unit %d, but there are %d units"
                  .formatted(i, node, units.length));
        }
        int value = units[node] & ~VALUE;
        if (value >= replacements.length || (replacements[value] & 0xC0) == 0x80) {
          throw new IllegalArgumentException(
              "character map: unit %d has value %d, which is no beginning of a replacement in %d bytes"
                  .formatted(i, value, replacements.length));
        }
      }
    }
  }
}
