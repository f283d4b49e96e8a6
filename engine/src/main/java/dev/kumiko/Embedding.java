package dev.kumiko;

/**
 * One text's vector, with what the caller should know about how it came about.
 *
 * <p>The instance owns its array and hands it out as it is: a caller that changes it changes this
 * embedding, and nothing else.
 */
public final class Embedding {
  private final float[] vector;
  private final int tokens;
  private final boolean truncated;

  Embedding(float[] vector, int tokens, boolean truncated) {
    this.vector = vector;
    this.tokens = tokens;
    this.truncated = truncated;
  }

  /** Returns the vector, {@code [dimension]}; not a copy. */
  public float[] vector() {
    return vector;
  }

  /** Returns the number of tokens the vector was computed from, special tokens included. */
  public int tokens() {
    return tokens;
  }

  /** Returns whether the text was longer than the model takes, so that its end was left out. */
  public boolean truncated() {
    return truncated;
  }

  /**
   * Returns the cosine of the angle between two vectors, from -1 to 1; 0 if one of them is zero.
   *
   * @throws IllegalArgumentException if the dimensions differ
   */
  public double cosine(Embedding other) {
    if (vector.length != other.vector.length) {
      throw new IllegalArgumentException(
          "the vectors have different dimensions, %d and %d; were they made by different models?"
              .formatted(vector.length, other.vector.length));
    }
    double dot = 0;
    double a = 0;
    double b = 0;
    for (int i = 0; i < vector.length; i++) {
      dot += (double) vector[i] * other.vector[i];
      a += (double) vector[i] * vector[i];
      b += (double) other.vector[i] * other.vector[i];
    }
    return a == 0 || b == 0 ? 0 : dot / Math.sqrt(a * b);
  }
}
