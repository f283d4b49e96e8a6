package dev.kumiko.kernel;

/**
 * Consecutive tokens of a text whose attention is computed. Threads may share a text, each with
 * queries of its own.
 *
 * @param firstRow the row of the text's first token
 * @param tokens the text's length
 * @param first the first query, counted from {@code firstRow}
 * @param end the end of the queries, at most {@code tokens}
 * @param contextRow where the first query's result goes; the others follow
 */
public record Queries(int firstRow, int tokens, int first, int end, int contextRow) {
  /** All tokens of a text, whose results lie as they do. */
  public static Queries all(int firstRow, int tokens) {
    return new Queries(firstRow, tokens, 0, tokens, firstRow);
  }
}
