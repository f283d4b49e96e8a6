package dev.kumiko;

import dev.kumiko.format.ModelDescription;

/** A loaded model gives no numbers: weights in its file are NaN, infinite or far too large. */
public final class UnusableModelException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** The input, from 0. */
  private final int index;

  /** Its first component that is no number. */
  private final float value;

  private UnusableModelException(String message, int index, float value) {
    super(message);
    this.index = index;
    this.value = value;
  }

  /**
   * Checks a result.
   *
   * @param index which of the call's inputs it is of
   */
  static void requireFinite(ModelDescription model, int index, float[] result) {
    for (float value : result) {
      if (!Float.isFinite(value)) {
        throw new UnusableModelException(
            "the result of input %d has a component that is %s; the model %s is damaged"
                .formatted(index, value, model.name()),
            index,
            value);
      }
    }
  }

  /**
   * {@return which of the call's inputs gave such a result, from 0; one of them, if several did}
   */
  public int index() {
    return index;
  }

  /** {@return the first component that is no number: NaN or infinite} */
  public float value() {
    return value;
  }
}
