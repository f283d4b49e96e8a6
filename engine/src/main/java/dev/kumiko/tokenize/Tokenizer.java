package dev.kumiko.tokenize;

/**
 * Turns texts into token ids. Immutable and safe for concurrent use.
 *
 * <p>Every method that takes a text throws {@link NullPointerException} if it is null and {@link
 * IllegalArgumentException} if it has a lone surrogate.
 */
public interface Tokenizer {
  /**
   * The ids of a text with its specials, cut to {@code maxTokens}: at the end, or at the beginning
   * if the description says so. Reads no more of the text than it needs.
   *
   * @throws IllegalArgumentException if {@code maxTokens} is less than {@link #specials}
   */
  Encoding encode(String text, int maxTokens);

  /**
   * The same ids, and where in the text each token lies. It takes more time and memory than {@link
   * #encode}.
   *
   * @throws IllegalArgumentException if {@code maxTokens} is less than {@link #specials}
   */
  OffsetEncoding encodeWithOffsets(String text, int maxTokens);

  /**
   * The ids of a pair of texts with its specials. If there are more than {@code maxTokens}, the
   * longer text is cut first, and both to the same length if that is not enough.
   *
   * @throws IllegalArgumentException if {@code maxTokens} is less than {@link #pairSpecials}
   */
  Encoding encodePair(String first, String second, int maxTokens);

  /** How many tokens the whole text has, specials included. Stores none of them. */
  int count(String text);

  /** All ids of a text, {@code [tokens]}, without specials and without a limit. A new array. */
  int[] contentIds(String text);

  /**
   * Puts the specials of a text around ids that have none, cut to {@code maxTokens} as {@link
   * #encode} cuts.
   *
   * @throws IllegalArgumentException if {@code maxTokens} is less than {@link #specials}
   */
  Encoding encodeIds(int[] contentIds, int maxTokens);

  /**
   * Puts the specials of a text around {@code contentIds[from, to)}, such as one window of a long
   * text.
   */
  Encoding withSpecials(int[] contentIds, int from, int to);

  /** How many specials a text gets. */
  int specials();

  /** How many specials a pair of texts gets. */
  int pairSpecials();

  /**
   * The token of an id.
   *
   * @throws IllegalArgumentException if there is no such id
   */
  String token(int id);
}
