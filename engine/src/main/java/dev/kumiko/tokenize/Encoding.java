package dev.kumiko.tokenize;

import java.util.Arrays;

/**
 * The token ids of a text or of a pair of texts, specials included.
 *
 * <p>Immutable as long as nobody writes to the array that {@link #ids} hands out.
 */
public final class Encoding {
  private final int[] ids;
  private final int firstLength;
  private final boolean truncated;

  /**
   * Ids of one text or two; the array is not copied.
   *
   * @param firstLength see {@link #firstLength()}
   */
  public Encoding(int[] ids, int firstLength, boolean truncated) {
    this.ids = ids;
    this.firstLength = firstLength;
    this.truncated = truncated;
  }

  /** Ids of one text that are taken as they are; the array is not copied. */
  public static Encoding of(int[] ids) {
    return new Encoding(ids, ids.length, false);
  }

  /** The ids, {@code [tokens]}. Not a copy: not to be changed. */
  public int[] ids() {
    return ids;
  }

  /** Number of tokens, specials included. */
  public int length() {
    return ids.length;
  }

  /**
   * How many tokens, from the first one on, have token type 0: the first text with its specials.
   * The others have type 1.
   */
  public int firstLength() {
    return firstLength;
  }

  /** The token types, a new {@code [tokens]}: 0 for the first text, 1 for the second. */
  public int[] typeIds() {
    int[] types = new int[ids.length];
    Arrays.fill(types, firstLength, ids.length, 1);
    return types;
  }

  /** Whether the text had more tokens than were allowed. */
  public boolean truncated() {
    return truncated;
  }
}
