package dev.kumiko.search;

import java.util.Arrays;

/**
 * Between which values each component of vectors lies, so that it can be kept as one of 256 steps:
 * {@code value = low + (q + 128) * (high - low) / 255}. The ranges are those of a calibration set,
 * which should be like the vectors that are kept; what lies outside becomes the nearest end.
 *
 * <p>That is sentence-transformers' {@code int8} precision ({@code quantize_embeddings}), except
 * that values are rounded to the nearest step, not towards zero, and do not wrap around. Immutable.
 */
public final class Int8Ranges {
  private static final int STEPS = 255;
  private static final int LOWEST = -128;
  private static final int CHUNK = 256;

  private final float[] low;
  private final float[] high;

  /**
   * Takes ranges.
   *
   * @param low {@code [dimension]}, copied
   * @param high {@code [dimension]}, copied
   * @throws IllegalArgumentException if the lengths differ, or a range is not finite or is empty
   */
  public Int8Ranges(float[] low, float[] high) {
    if (low.length != high.length) {
      throw new IllegalArgumentException(
          "%,d lowest and %,d highest values".formatted(low.length, high.length));
    }
    for (int i = 0; i < low.length; i++) {
      if (!Float.isFinite(low[i]) || !Float.isFinite(high[i]) || low[i] > high[i]) {
        throw new IllegalArgumentException(
            "component %,d lies between %s and %s".formatted(i, low[i], high[i]));
      }
    }
    this.low = low.clone();
    this.high = high.clone();
  }

  /**
   * {@return the ranges of a calibration set, which has to have some hundreds of vectors at least}
   *
   * @param calibration vectors like those to be quantised
   * @throws IllegalArgumentException if it is empty or a component is not finite
   */
  public static Int8Ranges of(VectorSource calibration) {
    int dimension = calibration.dimension();
    float[] low = new float[dimension];
    float[] high = new float[dimension];
    Arrays.fill(low, Float.POSITIVE_INFINITY);
    Arrays.fill(high, Float.NEGATIVE_INFINITY);
    float[] vectors = new float[CHUNK * dimension];
    for (int first = 0; first < calibration.count(); first += CHUNK) {
      int count = Math.min(CHUNK, calibration.count() - first);
      calibration.read(first, count, vectors, 0);
      for (int i = 0; i < count * dimension; i++) {
        // A NaN stays and is refused below.
        low[i % dimension] = Math.min(low[i % dimension], vectors[i]);
        high[i % dimension] = Math.max(high[i % dimension], vectors[i]);
      }
    }
    return new Int8Ranges(low, high);
  }

  /** {@return the number of components} */
  public int dimension() {
    return low.length;
  }

  /**
   * {@return the lowest value of a component}
   *
   * @param component from 0
   */
  public float low(int component) {
    return low[component];
  }

  /**
   * {@return the highest value of a component}
   *
   * @param component from 0
   */
  public float high(int component) {
    return high[component];
  }

  /**
   * Returns a vector as int8.
   *
   * @param vector {@code [dimension]}
   * @return {@code [dimension]}, new
   * @throws IllegalArgumentException if the dimension is another one
   */
  public byte[] quantize(float[] vector) {
    if (vector.length != low.length) {
      throw new IllegalArgumentException(
          "a vector of %,d components, but the ranges have %,d"
              .formatted(vector.length, low.length));
    }
    byte[] result = new byte[vector.length];
    for (int i = 0; i < vector.length; i++) {
      float step = step(i);
      float steps = step == 0 ? 0 : (vector[i] - low[i]) / step;
      result[i] = (byte) (Math.clamp(Math.round(steps), 0, STEPS) + LOWEST);
    }
    return result;
  }

  private float step(int component) {
    return (high[component] - low[component]) / STEPS;
  }

  /**
   * Turns int8 into values.
   *
   * @param quantized {@code [dimension]} from {@code from}
   * @param vector gets {@code [dimension]} from {@code to}
   */
  void restore(byte[] quantized, int from, float[] vector, int to) {
    for (int i = 0; i < low.length; i++) {
      vector[to + i] = low[i] + (quantized[from + i] - LOWEST) * step(i);
    }
  }
}
