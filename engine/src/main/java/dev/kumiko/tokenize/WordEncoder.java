package dev.kumiko.tokenize;

import java.util.Arrays;

/** Collects the code points of a word as UTF-8 and encodes it. Belongs to one call. */
final class WordEncoder {
  private static final int MAX_UTF8_BYTES = 4;

  private final WordPiece wordPiece;
  private final int[] hashes;
  private final IdBuffer ids;
  private byte[] word = new byte[128];
  private int length;
  private int codePoints;

  /** Adds the ids of all words to {@code ids}. */
  WordEncoder(WordPiece wordPiece, IdBuffer ids) {
    this.wordPiece = wordPiece;
    this.hashes = new int[wordPiece.longestPiece()];
    this.ids = ids;
  }

  /** Encodes words until the text ends or {@code enough} ids are there. */
  void encode(NormalizedText text, int enough) {
    while (ids.size() < enough) {
      int entry = text.next();
      if (entry == NormalizedText.END) {
        endWord();
        return;
      }
      int kind = CharacterMap.kind(entry);
      if (kind == CharacterMap.WORD) {
        add(entry);
      } else {
        endWord();
        if (kind != CharacterMap.SPACE) {
          add(CharacterMap.codePoint(entry));
          endWord();
        }
      }
    }
  }

  private void add(int codePoint) {
    codePoints++;
    if (codePoints > wordPiece.maxCodePoints()) {
      return;
    }
    if (word.length - length < MAX_UTF8_BYTES) {
      word = Arrays.copyOf(word, 2 * word.length);
    }
    if (codePoint < 0x80) {
      word[length++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      word[length++] = (byte) (0xC0 | (codePoint >> 6));
      addSixBits(codePoint);
    } else if (codePoint < 0x10000) {
      word[length++] = (byte) (0xE0 | (codePoint >> 12));
      addSixBits(codePoint >> 6);
      addSixBits(codePoint);
    } else {
      word[length++] = (byte) (0xF0 | (codePoint >> 18));
      addSixBits(codePoint >> 12);
      addSixBits(codePoint >> 6);
      addSixBits(codePoint);
    }
  }

  private void addSixBits(int bits) {
    word[length++] = (byte) (0x80 | (bits & 0x3F));
  }

  private void endWord() {
    if (codePoints > wordPiece.maxCodePoints()) {
      ids.add(wordPiece.unknownId());
    } else {
      wordPiece.encode(word, length, hashes, ids);
    }
    length = 0;
    codePoints = 0;
  }
}
