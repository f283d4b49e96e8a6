package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.train.parameter.Parameter;

/**
 * A table of which each token has a row, added to some of the columns of its vector: token vectors
 * or parts of them, positions and token types are all of this kind.
 */
final class TableRows {
  /** The row of a token that has none in this table. */
  static final int NONE = -1;

  private static final int BLOCK = 64;

  private final Parameter table;
  private final int column;
  private final float factor;
  private final Choice choice;

  /** Which row a token has. */
  @FunctionalInterface
  interface Choice {
    /** Returns the row for each token of the texts, or {@link #NONE}. */
    int[] rows(PackedTexts texts);
  }

  /**
   * Rows that are added from {@code column} on.
   *
   * @param table {@code [rows][columns]}
   * @param factor what rows are multiplied by
   */
  TableRows(Parameter table, int column, float factor, Choice choice) {
    this.table = table;
    this.column = column;
    this.factor = factor;
    this.choice = choice;
  }

  /** Returns the row for each token. */
  int[] rows(PackedTexts texts) {
    return choice.rows(texts);
  }

  /** Adds rows to {@code x} {@code [rows.length][hidden]}. */
  void add(Compute compute, int[] rows, float[] x, int hidden) {
    int size = table.columns();
    float[] values = table.values();
    compute
        .threads()
        .forRows(
            rows.length,
            (first, count, scratch) -> {
              for (int token = first; token < first + count; token++) {
                if (rows[token] != NONE) {
                  int from = rows[token] * size;
                  int to = token * hidden + column;
                  for (int i = 0; i < size; i++) {
                    x[to + i] += factor * values[from + i];
                  }
                }
              }
            });
  }

  /** Adds {@code gradient} {@code [rows.length][hidden]} to the table's, token by token. */
  void backward(Compute compute, int[] rows, float[] gradient, int hidden) {
    if (table.isFrozen()) {
      return;
    }
    int size = table.columns();
    float[] target = table.gradientOf(rows);
    compute
        .threads()
        .forEach(
            Math.ceilDiv(size, BLOCK),
            (block, scratch) -> {
              int begin = block * BLOCK;
              int end = Math.min(size, begin + BLOCK);
              for (int token = 0; token < rows.length; token++) {
                if (rows[token] != NONE) {
                  int to = rows[token] * size;
                  int from = token * hidden + column;
                  for (int i = begin; i < end; i++) {
                    target[to + i] += factor * gradient[from + i];
                  }
                }
              }
            });
  }
}
