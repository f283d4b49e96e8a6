package dev.kumiko.table;

/** From token id to token vector. Immutable and safe for concurrent use. */
public interface TokenTable {
  /** Returns the number of tokens. */
  int tokens();

  /** Returns the length of a token vector. */
  int hiddenSize();

  /**
   * Writes the vector of one token.
   *
   * @param id less than {@link #tokens()}
   * @param target gets {@link #hiddenSize()} values from {@code offset}
   */
  void copy(int id, float[] target, int offset);
}
