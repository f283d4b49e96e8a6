package dev.kumiko;

import dev.kumiko.format.Similarity;
import dev.kumiko.search.BinaryVectors;
import dev.kumiko.search.Int8Ranges;

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
  private final int replacements;

  Embedding(float[] vector, int tokens, boolean truncated) {
    this(vector, tokens, truncated, 0);
  }

  Embedding(float[] vector, int tokens, boolean truncated, int replacements) {
    this.replacements = replacements;
    this.vector = vector;
    this.tokens = tokens;
    this.truncated = truncated;
  }

  /** Returns the vector, {@code [dimension]}; not a copy. */
  public float[] vector() {
    return vector;
  }

  /**
   * Returns the number of tokens the vector was computed from, special tokens included. A text can
   * have none if the model has no special tokens: nothing is pooled then, which gives zeros as
   * sentence-transformers' mean of nothing does.
   */
  public int tokens() {
    return tokens;
  }

  /** Returns whether the text was longer than the model takes, so that its end was left out. */
  public boolean truncated() {
    return truncated;
  }

  /**
   * Returns how many halves of surrogate pairs the text had, which were read as U+FFFD; 0 for valid
   * Unicode.
   *
   * @see Malformed#REPLACE
   */
  public int replacements() {
    return replacements;
  }

  /**
   * Returns the cosine of the angle between two vectors, from -1 to 1; 0 if one of them is zero.
   *
   * @throws IllegalArgumentException if the dimensions differ
   */
  public double cosine(Embedding other) {
    return similarity(Similarity.COSINE, other);
  }

  /**
   * Compares two vectors; more is more alike.
   *
   * @throws IllegalArgumentException if the dimensions differ
   * @see Embedder#similarity
   */
  public double similarity(Similarity kind, Embedding other) {
    return Similarities.of(kind, vector, other.vector);
  }

  /**
   * Returns the vector as int8, a quarter of its size.
   *
   * @param ranges those of a calibration set of the same model
   * @return {@code [dimension]}, new
   * @throws IllegalArgumentException if the ranges have another dimension
   * @see dev.kumiko.search.Int8Vectors
   */
  public byte[] int8(Int8Ranges ranges) {
    return ranges.quantize(vector);
  }

  /**
   * Returns the signs of the vector, a bit for each component, as {@link BinaryVectors#pack} packs
   * them.
   *
   * @return {@code [ceil(dimension / 8)]}, new
   */
  public byte[] binary() {
    return BinaryVectors.pack(vector);
  }
}
