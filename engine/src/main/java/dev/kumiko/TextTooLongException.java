package dev.kumiko;

/** A text has more tokens than the model takes, and the embedder was told to refuse such texts. */
public final class TextTooLongException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Those of the text. */
  private final int tokens;

  /** The largest number that the embedder takes. */
  private final int maxTokens;

  TextTooLongException(String name, int tokens, int maxTokens) {
    super(
        "%s has %,d tokens, %,d more than the %,d this embedder takes; shorten it, or choose LongText.CUT or AVERAGE"
            .formatted(name, tokens, tokens - maxTokens, maxTokens));
    this.tokens = tokens;
    this.maxTokens = maxTokens;
  }

  /** {@return the text's number of tokens, special tokens included} */
  public int tokens() {
    return tokens;
  }

  /** {@return the largest number of tokens the embedder takes} */
  public int maxTokens() {
    return maxTokens;
  }
}
