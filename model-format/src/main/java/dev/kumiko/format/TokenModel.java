package dev.kumiko.format;

import java.util.OptionalInt;

/** How a word becomes ids of the vocabulary. */
public sealed interface TokenModel {
  /** What the length of a word is counted in. */
  enum LengthUnit {
    /** Characters of Unicode, as Hugging Face does. */
    CODE_POINTS,
    /** Bytes in UTF-8, as TensorFlow Text does. */
    BYTES
  }

  /**
   * The longest pieces of the vocabulary from left to right (Schuster and Nakajima 2012, as in
   * BERT).
   *
   * @param continuingPrefix what marks a piece that continues a word, usually {@code "##"}
   * @param longestWord longer words become the unknown token
   * @param unit what the length of a word is counted in
   * @param unknownId id of the unknown token
   */
  record WordPiece(String continuingPrefix, int longestWord, LengthUnit unit, int unknownId)
      implements TokenModel {
    /**
     * One that counts code points.
     *
     * @param continuingPrefix before all but a word's first piece, such as {@code ##}
     * @param maxInputCharsPerWord longer words are unknown
     * @param unknownId the id of what has no pieces
     */
    public WordPiece(String continuingPrefix, int maxInputCharsPerWord, int unknownId) {
      this(continuingPrefix, maxInputCharsPerWord, LengthUnit.CODE_POINTS, unknownId);
    }
  }

  /**
   * The pieces with the largest sum of {@link TokenizerDescription#SCORES} (Kudo, arXiv
   * 1804.10959).
   *
   * @param unknownId id of the unknown token
   * @param byteFallback whether what is unknown is spelt with the tokens {@code <0x00>} to {@code
   *     <0xFF>}
   */
  record Unigram(int unknownId, boolean byteFallback) implements TokenModel {}

  /**
   * Byte-pair encoding (Sennrich et al., arXiv 1508.07909): begins with characters and joins pairs
   * in the order of {@link TokenizerDescription#MERGES}.
   *
   * @param unknownId id of the unknown token; without one, unknown characters are dropped
   * @param continuingPrefix what marks a character that continues a word; may be empty
   * @param wordSuffix what marks a character that ends a word; may be empty
   * @param fuseUnknown whether neighbouring unknown characters become one token
   * @param byteFallback whether unknown characters are spelt with {@code <0x00>} to {@code <0xFF>}
   * @param ignoreMerges whether a word that is a token needs no merges
   */
  record Bpe(
      OptionalInt unknownId,
      String continuingPrefix,
      String wordSuffix,
      boolean fuseUnknown,
      boolean byteFallback,
      boolean ignoreMerges)
      implements TokenModel {}
}
