package dev.kumiko.train.optimize;

import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;

/**
 * What {@link AdamW} remembers of a parameter. The arrays are handed out as they are, so that a
 * checkpoint can write and restore them.
 */
public final class Moments {
  private final Parameter parameter;
  private final float[] first;
  private final float[] second;

  /** The rows of a table whose moments may be other than zero. */
  private final boolean[] moved;

  Moments(Parameter parameter) {
    this.parameter = parameter;
    this.first = new float[parameter.values().length];
    this.second = new float[parameter.values().length];
    this.moved = new boolean[parameter.kind() == Kind.TABLE ? parameter.rows() : 0];
  }

  /** {@return the parameter} */
  public Parameter parameter() {
    return parameter;
  }

  /** {@return the running mean of the gradient, {@code [rows][columns]}} */
  public float[] first() {
    return first;
  }

  /** {@return the running mean of the gradient's square, {@code [rows][columns]}} */
  public float[] second() {
    return second;
  }

  /**
   * Returns whether a row of a table has neither a gradient nor moments, so that it only decays;
   * remembers that it has moments from now on if not.
   */
  boolean rests(int row) {
    moved[row] |= parameter.hasGradient(row);
    return !moved[row];
  }

  /** Looks which rows have moments, after they were restored. */
  void restored() {
    int columns = parameter.columns();
    for (int row = 0; row < moved.length; row++) {
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        moved[row] |= first[i] != 0 || second[i] != 0;
      }
    }
  }
}
