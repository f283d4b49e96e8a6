package dev.kumiko.train.optimize;

import dev.kumiko.train.parameter.Parameter;

/**
 * What {@link AdamW} remembers of a parameter. The arrays are handed out as they are, so that a
 * checkpoint can write and restore them.
 */
public final class Moments {
  private final Parameter parameter;
  private final float[] first;
  private final float[] second;

  Moments(Parameter parameter) {
    this.parameter = parameter;
    this.first = new float[parameter.values().length];
    this.second = new float[parameter.values().length];
  }

  /** Returns the parameter. */
  public Parameter parameter() {
    return parameter;
  }

  /** Returns the running mean of the gradient, {@code [rows][columns]}. */
  public float[] first() {
    return first;
  }

  /** Returns the running mean of the gradient's square, {@code [rows][columns]}. */
  public float[] second() {
    return second;
  }
}
