package dev.kumiko.encode;

import dev.kumiko.format.Pooling;
import dev.kumiko.kernel.Fma;
import java.util.List;

/** From the token vectors of a text to one vector. */
public final class Pooler {
  private Pooler() {}

  /**
   * Pools one text in several ways. Where no token is left to be pooled the result is zeros, as
   * sentence-transformers' mean is.
   *
   * @param hidden {@code [rows][size]}
   * @param firstRow the text's first row
   * @param tokens the text's number of rows
   * @param skipped so many of them are left out from the first on
   * @return a new array of {@code pooling.size() * size} values
   */
  public static float[] pool(
      List<Pooling> pooling, float[] hidden, int firstRow, int tokens, int skipped, int size) {
    float[] result = new float[pooling.size() * size];
    if (skipped >= tokens) {
      return result;
    }
    int from = (firstRow + skipped) * size;
    int end = (firstRow + tokens) * size;
    for (int i = 0; i < pooling.size(); i++) {
      int to = i * size;
      switch (pooling.get(i)) {
        case CLS -> System.arraycopy(hidden, from, result, to, size);
        case LAST_TOKEN -> System.arraycopy(hidden, end - size, result, to, size);
        case MAX -> max(hidden, from, end, result, to, size);
        case MEAN -> {
          add(hidden, from, end, result, to, size);
          divide(result, to, size, tokens - skipped);
        }
        case MEAN_SQRT_LEN -> {
          add(hidden, from, end, result, to, size);
          divide(result, to, size, Math.sqrt(tokens - skipped));
        }
        case WEIGHTED_MEAN -> weightedMean(hidden, from, end, skipped, result, to, size);
        case WEIGHTED_MEAN_FROM_TEXT -> weightedMean(hidden, from, end, 0, result, to, size);
      }
    }
    return result;
  }

  private static void add(float[] hidden, int from, int end, float[] sums, int to, int size) {
    for (int row = from; row < end; row += size) {
      for (int i = 0; i < size; i++) {
        sums[to + i] += hidden[row + i];
      }
    }
  }

  private static void max(float[] hidden, int from, int end, float[] result, int to, int size) {
    System.arraycopy(hidden, from, result, to, size);
    for (int row = from + size; row < end; row += size) {
      for (int i = 0; i < size; i++) {
        result[to + i] = Math.max(result[to + i], hidden[row + i]);
      }
    }
  }

  /** Weights grow by one from token to token, from {@code before + 1} on. */
  private static void weightedMean(
      float[] hidden, int from, int end, int before, float[] result, int to, int size) {
    int weight = before;
    double weights = 0;
    for (int row = from; row < end; row += size) {
      weight++;
      weights += weight;
      for (int i = 0; i < size; i++) {
        result[to + i] = Fma.fma(weight, hidden[row + i], result[to + i]);
      }
    }
    divide(result, to, size, weights);
  }

  private static void divide(float[] vector, int from, int size, double divisor) {
    float factor = (float) divisor;
    for (int i = from; i < from + size; i++) {
      vector[i] /= factor;
    }
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
