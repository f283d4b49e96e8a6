package dev.kumiko.tokenize.model;

import dev.kumiko.tokenize.IdBuffer;

/** The tokens {@code <0x00>} to {@code <0xFF>}, with which unknown characters are spelt. */
final class ByteTokens {
  private static final int NONE = -1;

  private final int[] ids = new int[0x100];

  ByteTokens(Vocabulary vocabulary) {
    for (int b = 0; b < ids.length; b++) {
      ids[b] = vocabulary.id("<0x%02X>".formatted(b));
    }
  }

  /** Adds an id for each of {@code text[from, to)}; false, and none, if one has no token. */
  boolean spell(byte[] text, int from, int to, IdBuffer result) {
    for (int i = from; i < to; i++) {
      if (ids[text[i] & 0xFF] == NONE) {
        return false;
      }
    }
    for (int i = from; i < to; i++) {
      result.add(ids[text[i] & 0xFF]);
    }
    return true;
  }
}
