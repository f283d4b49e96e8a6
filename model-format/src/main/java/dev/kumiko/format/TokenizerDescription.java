package dev.kumiko.format;

import java.util.List;
import java.util.Optional;

/**
 * How a text becomes token ids: normalised, split into words, each word encoded by the model, and
 * special tokens put around. Added tokens are looked for before all that. The vocabulary itself is
 * in the tensor {@link #VOCABULARY}.
 *
 * @param normalizers what is done to a text, in this order; may be empty
 * @param splits how a text is split into words, in this order; may be empty
 * @param model how a word becomes ids
 * @param specialTokens what is put around the texts
 * @param addedTokens tokens recognised in the text itself
 * @param truncatesLeft whether a text that is too long loses its beginning instead of its end
 * @param trimming whether tokens are said to lie where their blanks lie
 */
public record TokenizerDescription(
    List<NormalizerStep> normalizers,
    List<SplitStep> splits,
    TokenModel model,
    SpecialTokens specialTokens,
    List<AddedToken> addedTokens,
    boolean truncatesLeft,
    OffsetTrimming trimming) {

  /**
   * Tensor U8 {@code [bytes]}: a zlib stream (RFC 1950) of all tokens in UTF-8, each ended by the
   * byte 0xFF.
   */
  public static final String VOCABULARY = "tokenizer.vocabulary";

  /**
   * Tensor F64 {@code [tokens]}: the scores of a Unigram model, natural logarithms of
   * probabilities.
   */
  public static final String SCORES = "tokenizer.scores";

  /**
   * Tensor I32 {@code [merges][3]}: the merges of a BPE model, the first one first: id of the left
   * token, of the right token, and of the token they become.
   */
  public static final String MERGES = "tokenizer.merges";

  /**
   * Tensor U8 {@code [bytes]}: SentencePiece's {@code precompiled_charsmap}: the size of the trie
   * in bytes as a little-endian 32-bit integer, a double-array trie of Darts-clone, and the
   * replacements, each ended by a zero byte.
   */
  public static final String CHARACTER_MAP = "tokenizer.character_map";

  /**
   * A tokenizer that cuts texts at their end and does not trim offsets.
   *
   * @param normalizers the steps before splitting
   * @param splits the steps that make words
   * @param model makes tokens of words
   * @param specialTokens put around texts
   * @param addedTokens found before all else
   */
  public TokenizerDescription(
      List<NormalizerStep> normalizers,
      List<SplitStep> splits,
      TokenModel model,
      SpecialTokens specialTokens,
      List<AddedToken> addedTokens) {
    this(normalizers, splits, model, specialTokens, addedTokens, false, OffsetTrimming.NONE);
  }

  /** Copies the lists. */
  public TokenizerDescription {
    normalizers = List.copyOf(normalizers);
    splits = List.copyOf(splits);
    addedTokens = List.copyOf(addedTokens);
  }

  /** {@return whether a step needs the table {@link #CHARACTER_MAP}} */
  public boolean hasCharacterMap() {
    // Not by equals, which records make up at the first call, and that takes milliseconds.
    for (NormalizerStep step : normalizers) {
      if (step == NormalizerStep.Simple.PRECOMPILED) {
        return true;
      }
    }
    return false;
  }

  /**
   * {@return the first thing in which the description contradicts itself or asks for what Kumiko
   * does not have, for people; empty if there is nothing} What the engine has to look at closer,
   * such as regular expressions, it refuses when it loads the tokenizer.
   *
   * @param vocabularySize one more than the largest id there is
   */
  public Optional<String> problem(int vocabularySize) {
    return TokenizerCheck.problem(this, vocabularySize);
  }
}
