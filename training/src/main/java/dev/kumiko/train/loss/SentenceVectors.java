package dev.kumiko.train.loss;

import java.util.List;

/**
 * The vectors of one column of a batch, and the gradient of the loss with respect to them. Both
 * arrays are handed out as they are; an instance belongs to one thread.
 */
public final class SentenceVectors {
  private final int count;
  private final int size;
  private final double[] values;
  private final double[] gradient;

  /**
   * Takes over the values.
   *
   * @param count the number of vectors
   * @param size the length of a vector
   * @param values {@code [count][size]}, kept
   */
  public SentenceVectors(int count, int size, double[] values) {
    if (values.length != Math.multiplyExact(count, size)) {
      throw new IllegalArgumentException(
          "%,d values for %,d vectors of %,d".formatted(values.length, count, size));
    }
    this.count = count;
    this.size = size;
    this.values = values;
    this.gradient = new double[values.length];
  }

  /**
   * Copies vectors, of which there is one at least.
   *
   * @param vectors all of the same length
   * @return the copies, with gradients of zero
   */
  public static SentenceVectors of(List<float[]> vectors) {
    int size = vectors.getFirst().length;
    double[] values = new double[vectors.size() * size];
    for (int row = 0; row < vectors.size(); row++) {
      float[] vector = vectors.get(row);
      for (int i = 0; i < size; i++) {
        values[row * size + i] = vector[i];
      }
    }
    return new SentenceVectors(vectors.size(), size, values);
  }

  /** {@return the number of vectors} */
  public int count() {
    return count;
  }

  /** {@return the length of a vector} */
  public int size() {
    return size;
  }

  /** {@return the values themselves, {@code [count][size]}} */
  public double[] values() {
    return values;
  }

  /** {@return the gradient itself, {@code [count][size]}; losses add to it} */
  public double[] gradient() {
    return gradient;
  }
}
