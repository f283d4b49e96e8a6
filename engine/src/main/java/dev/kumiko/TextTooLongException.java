package dev.kumiko;

/** A text has more tokens than the model takes, and the embedder was told to refuse such texts. */
public final class TextTooLongException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int tokens;
  private final int maxTokens;

  TextTooLongException(String name, int tokens, int maxTokens) {
    super(
        "%s has %,d tokens, %,d more than the %,d this embedder takes; shorten it, or choose LongText.CUT or AVERAGE"
            .formatted(name, tokens, tokens - maxTokens, maxTokens));
    this.tokens = tokens;
    this.maxTokens = maxTokens;
  }

  /** Returns the text's number of tokens, special tokens included. */
  public int tokens() {
    return tokens;
  }

  /** Returns the largest number of tokens the embedder takes. */
  public int maxTokens() {
    return maxTokens;
  }
}
