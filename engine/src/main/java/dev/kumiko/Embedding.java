package dev.kumiko;

import dev.kumiko.model.Similarity;
import dev.kumiko.search.BinaryVectors;
import dev.kumiko.search.Int8Ranges;
import java.util.Arrays;
import java.util.Objects;

/**
 * One text's vector, with what the caller should know about how it came about.
 *
 * <p>The instance owns its array and hands it out as it is: a caller that changes it changes this
 * embedding, its {@link #hashCode} too, and nothing else.
 */
public final class Embedding {
  private final float[] vector;
  private final int tokens;
  private final boolean truncated;
  private final int replacements;

  /**
   * An embedding of a vector that was stored, for instance: of a text that was neither cut nor
   * repaired, and of whose tokens nothing is known.
   *
   * @param vector {@code [dimension]}; it is not copied
   */
  public Embedding(float[] vector) {
    this(vector, 0, false, 0);
  }

  /**
   * An embedding of a text that was not repaired.
   *
   * @param vector {@code [dimension]}; it is not copied
   * @param tokens see {@link #tokens()}
   * @param truncated see {@link #truncated()}
   */
  public Embedding(float[] vector, int tokens, boolean truncated) {
    this(vector, tokens, truncated, 0);
  }

  /**
   * An embedding with all there is to know.
   *
   * @param vector {@code [dimension]}; it is not copied
   * @param tokens see {@link #tokens()}
   * @param truncated see {@link #truncated()}
   * @param replacements see {@link #replacements()}
   */
  public Embedding(float[] vector, int tokens, boolean truncated, int replacements) {
    this.vector = Objects.requireNonNull(vector, "vector is null");
    this.tokens = tokens;
    this.truncated = truncated;
    this.replacements = replacements;
  }

  /** {@return the vector, {@code [dimension]}; not a copy} */
  public float[] vector() {
    return vector;
  }

  /**
   * Returns the number of tokens the vector was computed from, special tokens included. A text can
   * have none if the model has no special tokens: nothing is pooled then, which gives zeros as
   * sentence-transformers' mean of nothing does.
   *
   * @return the number, from 0
   */
  public int tokens() {
    return tokens;
  }

  /** {@return whether the text was longer than the model takes, so that its end was left out} */
  public boolean truncated() {
    return truncated;
  }

  /**
   * Returns how many halves of surrogate pairs the text had, which were read as U+FFFD.
   *
   * @return the number; 0 for valid Unicode
   * @see Malformed#REPLACE
   */
  public int replacements() {
    return replacements;
  }

  /**
   * Returns the cosine of the angle between two vectors.
   *
   * @param other another embedding of the same dimension
   * @return from -1 to 1; 0 if one of the vectors is zero
   * @throws IllegalArgumentException if the dimensions differ
   */
  public double cosine(Embedding other) {
    return similarity(Similarity.COSINE, other);
  }

  /**
   * Compares two vectors.
   *
   * @param kind how to compare them
   * @param other another embedding of the same dimension
   * @return more is more alike
   * @throws IllegalArgumentException if the dimensions differ
   * @see Embedder#similarity
   */
  public double similarity(Similarity kind, Embedding other) {
    return kind.between(vector, other.vector);
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

  /** {@return whether all is equal, the vectors by {@link Arrays#equals(float[], float[])}} */
  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding that
        && tokens == that.tokens
        && truncated == that.truncated
        && replacements == that.replacements
        && Arrays.equals(vector, that.vector);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(vector) + tokens;
  }

  /** {@return the dimension, the first components and the tokens, for people} */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("Embedding[dimension=").append(vector.length);
    out.append(", vector=");
    for (int i = 0; i < Math.min(3, vector.length); i++) {
      out.append(i == 0 ? "" : ", ").append(vector[i]);
    }
    out.append(vector.length > 3 ? ", ..." : "").append(", tokens=").append(tokens);
    return out.append(truncated ? ", truncated]" : "]").toString();
  }
}
