package dev.kumiko.format;

/**
 * One step of what is done to a text before it is split. Unless it says otherwise, a step is one of
 * {@code normalizer} in {@code tokenizer.json}.
 */
public sealed interface NormalizerStep {
  /**
   * BERT's clean-up.
   *
   * @param cleanText drop control characters, turn all white space into blanks
   * @param handleChineseChars put blanks around CJK ideographs
   * @param stripAccents decompose (NFD) and drop non-spacing marks; already resolved, so a {@code
   *     null} in {@code tokenizer.json} has become the value of {@code lowercase}
   * @param lowercase lower-case the text
   */
  record Bert(
      boolean cleanText, boolean handleChineseChars, boolean stripAccents, boolean lowercase)
      implements NormalizerStep {}

  /** Brings the text into a normalisation form of Unicode. */
  enum Form implements NormalizerStep {
    /** Canonical composition. */
    NFC,
    /** Canonical decomposition. */
    NFD,
    /** Compatibility composition. */
    NFKC,
    /** Compatibility decomposition. */
    NFKD
  }

  /** One with nothing to set. */
  enum Simple implements NormalizerStep {
    /** Lower-cases every character without regard to its neighbours. */
    LOWERCASE,
    /** Drops combining marks; without a decomposition before it, only those that stand alone. */
    STRIP_ACCENTS,
    /**
     * Drops control and format characters, the categories Cc and Cf: tabs and line breaks, too,
     * which leaves nothing between the words around them. As TensorFlow's graphs of LaBSE and
     * LEALLA do, not in {@code tokenizer.json}.
     */
    DROP_CONTROLS,
    /** The rules that SentencePiece compiled, in {@link TokenizerDescription#CHARACTER_MAP}. */
    PRECOMPILED
  }

  /**
   * Drops white space at the beginning, at the end, or both.
   *
   * @param left at the beginning
   * @param right at the end
   */
  record Strip(boolean left, boolean right) implements NormalizerStep {}

  /**
   * Puts {@code content} in place of everything that matches.
   *
   * @param pattern what is looked for
   * @param content what is put in its place
   */
  record Replace(TextPattern pattern, String content) implements NormalizerStep {}

  /**
   * Puts a text before every text that is not empty.
   *
   * @param text any text
   */
  record Prepend(String text) implements NormalizerStep {}
}
