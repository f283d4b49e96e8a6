package dev.kumiko.format;

/**
 * Which sub-vector a token has in each part of a composed table. Immutable and safe for concurrent
 * use, as long as the file it was read from is open.
 */
public sealed interface TokenCodes permits CartesianCodes, StoredCodes {
  /**
   * {@return the number of a token's sub-vector}
   *
   * @param token a token id of the table
   * @param part a part of the table, from 0
   */
  int code(int token, int part);
}
