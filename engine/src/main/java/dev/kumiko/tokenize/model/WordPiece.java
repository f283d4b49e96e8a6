package dev.kumiko.tokenize.model;

import dev.kumiko.format.TokenModel;
import dev.kumiko.tokenize.IdBuffer;
import dev.kumiko.tokenize.Spans;
import dev.kumiko.tokenize.unicode.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * Cuts a word into the longest pieces of the vocabulary, from left to right. Immutable and safe for
 * concurrent use.
 */
public final class WordPiece implements WordModel {
  private final Vocabulary vocabulary;
  private final byte[] prefix;
  private final int prefixHash;
  private final int unknownId;
  private final int longestWord;
  private final boolean countsBytes;

  /**
   * The algorithm for a vocabulary.
   *
   * @throws IllegalArgumentException if the longest word has less than one code point or byte
   */
  public WordPiece(TokenModel.WordPiece settings, Vocabulary vocabulary) {
    this.longestWord = settings.longestWord();
    this.countsBytes = settings.unit() == TokenModel.LengthUnit.BYTES;
    if (longestWord < 1) {
      throw new IllegalArgumentException(
          "a word may have at most %d %s; at least 1 is needed"
              .formatted(longestWord, countsBytes ? "bytes" : "characters"));
    }
    this.vocabulary = vocabulary;
    this.prefix = settings.continuingPrefix().getBytes(StandardCharsets.UTF_8);
    this.prefixHash = Vocabulary.hash(Vocabulary.EMPTY_HASH, prefix, 0, prefix.length);
    this.unknownId = settings.unknownId();
  }

  @Override
  public WordEncoder encoder(IdBuffer ids, Spans spans) {
    return new WordEncoder() {
      private int[] hashes = new int[64];

      @Override
      public void encode(byte[] word, int length) {
        if (length > hashes.length) {
          hashes = new int[Math.max(length, 2 * hashes.length)];
        }
        if (isTooLong(countsBytes ? 0 : codePoints(word, length), length)) {
          ids.add(unknownId);
          spans.add(0, length);
        } else {
          WordPiece.this.encode(word, length, hashes, ids, spans);
        }
      }
    };
  }

  private static int codePoints(byte[] word, int length) {
    int count = 0;
    for (int i = 0; i < length; i++) {
      count += Utf8.isContinuation(word[i]) ? 0 : 1;
    }
    return count;
  }

  /** The id of words that cannot be cut. */
  public int unknownId() {
    return unknownId;
  }

  /** Whether a word of so many code points and UTF-8 bytes is unknown, whatever it is. */
  public boolean isTooLong(int codePoints, int bytes) {
    return (countsBytes ? bytes : codePoints) > longestWord;
  }

  /**
   * Adds the ids of the word {@code word[0, length)} and where they lie; a single unknown one if it
   * cannot be cut.
   *
   * @param hashes scratch, at least {@code [length]}
   */
  public void encode(byte[] word, int length, int[] hashes, IdBuffer ids, Spans spans) {
    int before = ids.size();
    int start = 0;
    while (start < length) {
      int prefixLength = start == 0 ? 0 : prefix.length;
      int most = Math.min(length - start, vocabulary.longest() - prefixLength);
      int hash = start == 0 ? Vocabulary.EMPTY_HASH : prefixHash;
      for (int i = 0; i < most; i++) {
        hash = Vocabulary.hash(hash, word[start + i]);
        hashes[i] = hash;
      }
      int id = -1;
      int end = start + most;
      while (end > start) {
        if (end == length || !Utf8.isContinuation(word[end])) {
          id = vocabulary.find(hashes[end - start - 1], prefix, prefixLength, word, start, end);
          if (id >= 0) {
            break;
          }
        }
        end--;
      }
      if (id < 0) {
        ids.truncate(before);
        ids.add(unknownId);
        spans.truncate(before);
        spans.add(0, length);
        return;
      }
      ids.add(id);
      spans.add(start, end);
      start = end;
    }
  }
}
