package dev.kumiko.encode;

import dev.kumiko.format.Pooling;

/** From the token vectors of a text to one vector. */
public final class Pooler {
  private Pooler() {}

  /**
   * Pools one text.
   *
   * @param hidden {@code [rows][size]}
   * @param firstRow the text's first row
   * @param tokens the text's number of rows, at least one
   * @return a new array of {@code size} values
   */
  public static float[] pool(Pooling pooling, float[] hidden, int firstRow, int tokens, int size) {
    int from = firstRow * size;
    float[] result = new float[size];
    System.arraycopy(hidden, from, result, 0, size);
    if (pooling == Pooling.CLS) {
      return result;
    }
    for (int row = from + size; row < from + tokens * size; row += size) {
      for (int i = 0; i < size; i++) {
        float v = hidden[row + i];
        result[i] = pooling == Pooling.MAX ? Math.max(result[i], v) : result[i] + v;
      }
    }
    if (pooling != Pooling.MAX) {
      float divisor = pooling == Pooling.MEAN ? tokens : (float) Math.sqrt(tokens);
      for (int i = 0; i < size; i++) {
        result[i] /= divisor;
      }
    }
    return result;
  }

  /** Divides a vector by its Euclidean length; a vector of zeros stays one. */
  public static void normalize(float[] vector) {
    double squares = 0;
    for (float v : vector) {
      squares += (double) v * v;
    }
    // The reference's guard against a division by zero (torch.nn.functional.normalize).
    double length = Math.max(Math.sqrt(squares), 1e-12);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] / length);
    }
  }
}
