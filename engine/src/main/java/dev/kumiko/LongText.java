package dev.kumiko;

/** What to do with a text that has more tokens than the model takes. */
public enum LongText {
  /**
   * Embed the beginning, or the end if the model was made to lose beginnings; {@link
   * Embedding#truncated()} says so.
   */
  CUT,
  /** Throw a {@link TextTooLongException}. */
  REFUSE,
  /**
   * Split the text into windows that fit, and average the windows' pooled vectors by their number
   * of tokens (before the model's normalisation).
   */
  AVERAGE
}
