package dev.kumiko.tokenize;

import java.util.Objects;

/**
 * The token ids of a text, specials included, and where in the text each token lies. Immutable as
 * its {@link #encoding}.
 *
 * <p>Offsets are indexes into the string that was given, in chars, and never in the middle of a
 * surrogate pair. They are those of Hugging Face {@code tokenizers}, so that
 *
 * <ul>
 *   <li>they do not decrease, but tokens may share characters: several that spell one character as
 *       bytes, or the parts of what normalisation made of one, have the same span;
 *   <li>of several characters that normalisation makes one, that one has the first, and characters
 *       that it drops, such as accents and controls, may belong to no token;
 *   <li>a character that is only put in, such as the blank before the first word, lies where the
 *       one behind it does;
 *   <li>whether the blank before a word belongs to its token depends on the tokenizer. Where it
 *       does not, a token that is all blanks has an empty span at its end; if the blank was only
 *       put in, that end is behind the beginning of the next token.
 * </ul>
 */
public final class OffsetEncoding {
  private final Encoding encoding;
  private final int before;
  private final int[] starts;
  private final int[] ends;

  /**
   * Offsets of the tokens of a text, {@code before} of which are specials before it; those of the
   * text itself are {@code starts} and {@code ends}. The arrays are not copied.
   */
  public OffsetEncoding(Encoding encoding, int before, int[] starts, int[] ends) {
    this.encoding = encoding;
    this.before = before;
    this.starts = starts;
    this.ends = ends;
  }

  /** The ids, the same that {@link Tokenizer#encode} gives. */
  public Encoding encoding() {
    return encoding;
  }

  /** Number of tokens, specials included. */
  public int length() {
    return encoding.length();
  }

  /**
   * Whether a token is not of the text, but one of the specials put around it. A special that the
   * text itself has is of the text.
   *
   * @throws IndexOutOfBoundsException if {@code token} is not in {@code [0, length)}
   */
  public boolean special(int token) {
    Objects.checkIndex(token, length());
    return token < before || token >= before + starts.length;
  }

  /**
   * Where a token begins; 0 for a special.
   *
   * @throws IndexOutOfBoundsException if {@code token} is not in {@code [0, length)}
   */
  public int start(int token) {
    return special(token) ? 0 : starts[token - before];
  }

  /**
   * Where a token ends, exclusive; 0 for a special.
   *
   * @throws IndexOutOfBoundsException if {@code token} is not in {@code [0, length)}
   */
  public int end(int token) {
    return special(token) ? 0 : ends[token - before];
  }
}
