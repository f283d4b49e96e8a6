package dev.kumiko.format;

/**
 * Whether a token is said to lie where its blanks lie, too. It changes no ids. As {@code
 * trim_offsets} of the section {@code post_processor} in {@code tokenizer.json}.
 */
public enum OffsetTrimming {
  /** It is. */
  NONE,
  /** Blanks at either end of a token are left out. */
  ALL,
  /**
   * So they are, but for a single blank with which a token at the beginning begins, since it may
   * not be of the text: with {@code add_prefix_space}.
   */
  ALL_BUT_FIRST
}
