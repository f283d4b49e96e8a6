package dev.kumiko.format;

import java.util.List;

/**
 * A BERT tokenizer: clean-up, split into words, WordPiece. The vocabulary itself is in the tensors
 * {@link #VOCABULARY_BYTES} and {@link #VOCABULARY_OFFSETS}.
 *
 * @param cleanText drop control characters, turn all white space into blanks
 * @param handleChineseChars put blanks around CJK ideographs
 * @param stripAccents decompose (NFD) and drop non-spacing marks; already resolved, so a {@code
 *     null} in {@code tokenizer.json} has become the value of {@code lowercase}
 * @param lowercase lower-case the text
 * @param continuingPrefix what marks a piece that continues a word, usually {@code "##"}
 * @param maxInputCharsPerWord longer words, in code points, become the unknown token
 * @param unknownId id of the unknown token
 * @param clsId id put before the first text
 * @param sepId id put after each text
 * @param addedTokens tokens recognised in the text itself
 */
public record TokenizerDescription(
    boolean cleanText,
    boolean handleChineseChars,
    boolean stripAccents,
    boolean lowercase,
    String continuingPrefix,
    int maxInputCharsPerWord,
    int unknownId,
    int clsId,
    int sepId,
    List<AddedToken> addedTokens) {

  /** Tensor U8 {@code [bytes]}: the UTF-8 bytes of all tokens, one after another. */
  public static final String VOCABULARY_BYTES = "tokenizer.vocabulary.bytes";

  /**
   * Tensor I32 {@code [tokens + 1]}: where each token's bytes begin, and where the last one's end.
   */
  public static final String VOCABULARY_OFFSETS = "tokenizer.vocabulary.offsets";

  /** Copies the list. */
  public TokenizerDescription {
    addedTokens = List.copyOf(addedTokens);
  }
}
