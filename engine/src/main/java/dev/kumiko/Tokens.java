package dev.kumiko;

import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.OffsetEncoding;
import java.util.List;
import java.util.Objects;

/** A text as the encoder sees it. Immutable as long as nobody writes to its array of ids. */
public final class Tokens {
  private final OffsetEncoding offsets;
  private final List<String> texts;
  private final int promptLength;

  /**
   * Tokens of a text with a prompt before it.
   *
   * @param texts the tokens as the vocabulary spells them
   * @param promptLength so many chars come before the text
   */
  Tokens(OffsetEncoding offsets, List<String> texts, int promptLength) {
    this.offsets = offsets;
    this.texts = texts;
    this.promptLength = promptLength;
  }

  /**
   * Tokens for an {@link Embedder} of an application's own, such as a fake in its tests. Copies
   * what it is given.
   *
   * @param ids {@code [tokens]}, special tokens included
   * @param texts the tokens as the vocabulary spells them, one for each id
   * @param before so many tokens stand before those of the text: special ones and the prompt's
   * @param starts {@code [tokens of the text]}: where in the text each begins, see {@link #start};
   *     what follows them are special tokens
   * @param ends {@code [tokens of the text]}: where each ends, exclusive
   * @param truncated see {@link #truncated()}
   * @throws NullPointerException if one is null, or a token's spelling
   * @throws IllegalArgumentException if there is not a spelling for each id and a start and an end
   *     for each token of the text, or if a token begins before the text or ends before it begins
   */
  public Tokens(
      int[] ids, List<String> texts, int before, int[] starts, int[] ends, boolean truncated) {
    Objects.requireNonNull(ids, "ids is null");
    Objects.requireNonNull(texts, "texts is null");
    Objects.requireNonNull(starts, "starts is null");
    Objects.requireNonNull(ends, "ends is null");
    if (texts.size() != ids.length
        || ends.length != starts.length
        || before < 0
        || before > ids.length - starts.length) {
      throw new IllegalArgumentException(
          "%d ids, %d texts, %d tokens before, %d starts and %d ends do not fit; give a text for each id, and a start and an end for each that is of the text"
              .formatted(ids.length, texts.size(), before, starts.length, ends.length));
    }
    for (int i = 0; i < starts.length; i++) {
      if (starts[i] < 0 || ends[i] < starts[i]) {
        throw new IllegalArgumentException(
            "token %d goes from %d to %d; give places in the text, the end not before the start"
                .formatted(before + i, starts[i], ends[i]));
      }
    }
    Encoding encoding = new Encoding(ids.clone(), ids.length, truncated);
    this.offsets = new OffsetEncoding(encoding, before, starts.clone(), ends.clone());
    this.texts = List.copyOf(texts);
    this.promptLength = 0;
  }

  /** {@return the token ids, special tokens included; owned by this object, not a copy} */
  public int[] ids() {
    return offsets.encoding().ids();
  }

  /** {@return the tokens as the vocabulary spells them, one for each id} */
  public List<String> texts() {
    return texts;
  }

  /** {@return the number of tokens, special tokens and those of the prompt included} */
  public int length() {
    return texts.size();
  }

  /** {@return whether the text was longer than the model takes, so that its end was left out} */
  public boolean truncated() {
    return offsets.encoding().truncated();
  }

  /**
   * Returns whether a token is of the text: not a special token that stands around it, and not of
   * its prompt. The span of any other token is empty and lies at 0.
   *
   * @param token its index, from 0
   * @return whether it is
   * @throws IndexOutOfBoundsException if there is no such token
   */
  public boolean isOfText(int token) {
    if (offsets.special(token)) {
      return false;
    }
    // Some tokenizers leave a token that is all blanks with an empty span.
    boolean blank = offsets.start(token) == offsets.end(token);
    return offsets.end(token) > promptLength || (blank && offsets.end(token) == promptLength);
  }

  /**
   * Returns where a token begins in the text, in chars, never inside a surrogate pair. Starts do
   * not decrease among the tokens of the text; tokens may share characters. They are those of
   * Hugging Face's tokenizers.
   *
   * @param token its index, from 0
   * @return the index of its first char
   * @throws IndexOutOfBoundsException if there is no such token
   */
  public int start(int token) {
    return isOfText(token) ? Math.max(0, offsets.start(token) - promptLength) : 0;
  }

  /**
   * Returns where a token ends in the text, in chars, exclusive.
   *
   * @param token its index, from 0
   * @return the index behind its last char
   * @throws IndexOutOfBoundsException if there is no such token
   */
  public int end(int token) {
    return isOfText(token) ? offsets.end(token) - promptLength : 0;
  }
}
