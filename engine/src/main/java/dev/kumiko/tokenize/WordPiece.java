package dev.kumiko.tokenize;

import java.nio.charset.StandardCharsets;

/**
 * Cuts a word into the longest pieces of the vocabulary, from left to right. Immutable and safe for
 * concurrent use.
 */
final class WordPiece {
  private final Vocabulary vocabulary;
  private final byte[] prefix;
  private final int prefixHash;
  private final int unknownId;
  private final int maxCodePoints;

  /**
   * The algorithm for a vocabulary.
   *
   * @param continuingPrefix what marks a piece that continues a word
   * @param maxCodePoints longer words become {@code unknownId}
   */
  WordPiece(Vocabulary vocabulary, String continuingPrefix, int unknownId, int maxCodePoints) {
    this.vocabulary = vocabulary;
    this.prefix = continuingPrefix.getBytes(StandardCharsets.UTF_8);
    this.prefixHash = Vocabulary.hash(Vocabulary.EMPTY_HASH, prefix, 0, prefix.length);
    this.unknownId = unknownId;
    this.maxCodePoints = maxCodePoints;
  }

  int unknownId() {
    return unknownId;
  }

  /** Longer words are unknown. */
  int maxCodePoints() {
    return maxCodePoints;
  }

  /**
   * Adds the ids of the word {@code word[0, length)}; a single unknown one if it cannot be cut.
   *
   * @param hashes scratch, at least {@code [length]}
   */
  void encode(byte[] word, int length, int[] hashes, IdBuffer ids) {
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
        if (end == length || !Vocabulary.isContinuation(word[end])) {
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
        return;
      }
      ids.add(id);
      start = end;
    }
  }
}
