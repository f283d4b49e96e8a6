package dev.kumiko;

import java.util.List;

/** A text as the encoder sees it. */
public final class Tokens {
  private final int[] ids;
  private final List<String> texts;
  private final boolean truncated;

  Tokens(int[] ids, List<String> texts, boolean truncated) {
    this.ids = ids;
    this.texts = texts;
    this.truncated = truncated;
  }

  /** Returns the token ids, special tokens included; owned by this object, not a copy. */
  public int[] ids() {
    return ids;
  }

  /** Returns the tokens as the vocabulary spells them, one for each id. */
  public List<String> texts() {
    return texts;
  }

  /** Returns whether the text was longer than the model takes, so that its end was left out. */
  public boolean truncated() {
    return truncated;
  }
}
