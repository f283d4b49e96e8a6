package dev.kumiko.train.parameter;

import java.util.Arrays;

/**
 * A tensor that learns: its values and the gradient of the loss with respect to them. Values and
 * gradient are handed out as they are; one thread at a time changes either.
 */
public final class Parameter {
  private final String name;
  private final int rows;
  private final int columns;
  private final Kind kind;
  private final float[] values;
  private final float[] gradient;

  /** The rows of a table whose gradient may be other than zero: few, of the tokens of a batch. */
  private final boolean[] used;

  private boolean frozen;

  /** What an optimiser may want to treat differently. */
  public enum Kind {
    /** A matrix of a linear map: weight decay is applied. */
    WEIGHT,
    /** A bias or a norm's gain: no weight decay. */
    BIAS_OR_NORM,
    /** A table of token, position or type vectors: weight decay, and often a rate of its own. */
    TABLE
  }

  /**
   * Takes over the values.
   *
   * @param name the tensor's name in the model file
   * @param kind what it is to an optimiser
   * @param rows 1 for a vector
   * @param columns the length of a row
   * @param values {@code [rows][columns]}, kept
   */
  public Parameter(String name, Kind kind, int rows, int columns, float[] values) {
    if (values.length != Math.multiplyExact(rows, columns)) {
      throw new IllegalArgumentException(
          "%s: %,d values for %,d x %,d".formatted(name, values.length, rows, columns));
    }
    this.name = name;
    this.kind = kind;
    this.rows = rows;
    this.columns = columns;
    this.values = values;
    this.gradient = new float[values.length];
    this.used = new boolean[kind == Kind.TABLE ? rows : 0];
  }

  /** {@return the tensor's name in the model file} */
  public String name() {
    return name;
  }

  /** {@return what it is to an optimiser} */
  public Kind kind() {
    return kind;
  }

  /** {@return the number of rows, 1 for a vector} */
  public int rows() {
    return rows;
  }

  /** {@return the length of a row} */
  public int columns() {
    return columns;
  }

  /** {@return the values themselves, {@code [rows][columns]}} */
  public float[] values() {
    return values;
  }

  /** {@return the gradient itself, {@code [rows][columns]}; backward passes add to it} */
  public float[] gradient() {
    Arrays.fill(used, true);
    return gradient;
  }

  /**
   * {@return the gradient for someone who adds to some rows of a table, or to none of those}
   *
   * @param rows which ones; negative numbers are passed over
   */
  public float[] gradientOf(int[] rows) {
    for (int row : rows) {
      if (row >= 0) {
        used[row] = true;
      }
    }
    return gradient;
  }

  /** {@return the gradient for someone who only reads it} */
  public float[] readGradient() {
    return gradient;
  }

  /**
   * {@return whether a row's gradient may be other than zero}
   *
   * @param row from 0
   */
  public boolean hasGradient(int row) {
    return kind != Kind.TABLE || used[row];
  }

  /**
   * Makes it learn no longer, or again. Backward passes may leave the gradient of a frozen
   * parameter out, and an optimiser leaves its values alone.
   *
   * @param freeze whether it learns no longer
   */
  public void freeze(boolean freeze) {
    frozen = freeze;
  }

  /** {@return whether it is frozen} */
  public boolean isFrozen() {
    return frozen;
  }

  /** Sets the gradient to zero. */
  public void clearGradient() {
    if (kind != Kind.TABLE) {
      Arrays.fill(gradient, 0);
      return;
    }
    for (int row = 0; row < rows; row++) {
      if (used[row]) {
        Arrays.fill(gradient, row * columns, (row + 1) * columns, 0);
        used[row] = false;
      }
    }
  }
}
