package dev.kumiko.format;

/**
 * One step of splitting a text into the words that the model encodes. Unless it says otherwise, a
 * step is one of {@code pre_tokenizer} in {@code tokenizer.json}.
 */
public sealed interface SplitStep {
  /** What becomes of that which a text is split at. */
  enum Behavior {
    /** It is dropped. */
    REMOVED,
    /** It becomes a word of its own. */
    ISOLATED,
    /** It stays with the word before it. */
    MERGED_WITH_PREVIOUS,
    /** It stays with the word after it. */
    MERGED_WITH_NEXT,
    /** It becomes a word together with others of its kind. */
    CONTIGUOUS;

    /**
     * {@return whether a part of a word stays with the part before it}
     *
     * @param matched whether the part is a match
     * @param lastMatched whether the one before it is
     */
    public boolean joins(boolean matched, boolean lastMatched) {
      return switch (this) {
        case REMOVED, ISOLATED -> false;
        case CONTIGUOUS -> matched == lastMatched;
        case MERGED_WITH_PREVIOUS -> matched && !lastMatched;
        // What comes before a match that is not followed by another belongs to the next part.
        case MERGED_WITH_NEXT -> !matched && lastMatched;
      };
    }
  }

  /** Whether {@link Metaspace} puts its character before a word. */
  enum Prepend {
    /** Before every one. */
    ALWAYS,
    /** Before the one with which the text begins. */
    FIRST,
    /** Never. */
    NEVER
  }

  /** One with nothing to set. */
  enum Simple implements SplitStep {
    /** At white space, which is dropped, and around every punctuation character. */
    BERT,
    /** Into runs of word characters and runs of others; white space is dropped. */
    WHITESPACE,
    /** At white space, which is dropped. */
    WHITESPACE_SPLIT,
    /**
     * Where the script of Unicode changes; white space, itself of the script Common, is dropped,
     * and what is of one script on both sides of it is joined. As TensorFlow Text's {@code
     * UnicodeScriptTokenizer}, not in {@code tokenizer.json}.
     */
    SCRIPT,
    /**
     * Into characters, but only words that begin with one of Han, that have an emoji, or that are
     * nothing but punctuation and symbols. As TensorFlow's graphs of LaBSE and LEALLA do, not in
     * {@code tokenizer.json}.
     */
    CHARACTERS
  }

  /**
   * At every punctuation character.
   *
   * @param behavior what becomes of what matches
   */
  record Punctuation(Behavior behavior) implements SplitStep {}

  /**
   * Around numbers: every digit by itself, or runs of them.
   *
   * @param individual whether every digit is one
   */
  record Digits(boolean individual) implements SplitStep {}

  /**
   * Makes blanks visible, as SentencePiece does.
   *
   * @param replacement what stands for a blank, one character
   * @param prepend whether it is put before a word that does not begin with it
   * @param split whether a new word begins at each
   */
  record Metaspace(String replacement, Prepend prepend, boolean split) implements SplitStep {}

  /**
   * Spells words as bytes, each byte as a visible character, as GPT-2 does.
   *
   * @param addPrefixSpace whether a blank is put before a word that does not begin with one
   * @param useRegex whether words are split by GPT-2's regular expression first
   */
  record ByteLevel(boolean addPrefixSpace, boolean useRegex) implements SplitStep {}

  /**
   * At everything that matches, or at everything else.
   *
   * @param pattern what is looked for
   * @param behavior what becomes of what matches
   * @param invert whether what lies between the matches counts as the match
   */
  record Split(TextPattern pattern, Behavior behavior, boolean invert) implements SplitStep {}
}
