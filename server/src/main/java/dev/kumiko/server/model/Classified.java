package dev.kumiko.server.model;

/** What became of a text or a pair of texts that was to be classified. */
public final class Classified {
  private final float[] logits;
  private final int tokens;

  /**
   * A result.
   *
   * @param logits {@code [labels]}; null if the input was too long and not to be cut
   * @param tokens of the whole input, special tokens included
   */
  Classified(float[] logits, int tokens) {
    this.logits = logits;
    this.tokens = tokens;
  }

  /** {@return whether it was not computed, since it has more tokens than the model takes} */
  public boolean isRefused() {
    return logits == null;
  }

  /** {@return what the model gives, {@code [labels]}; not a copy; null if it was refused} */
  public float[] logits() {
    return logits;
  }

  /** {@return the tokens of the whole input, special tokens included} */
  public int tokens() {
    return tokens;
  }
}
