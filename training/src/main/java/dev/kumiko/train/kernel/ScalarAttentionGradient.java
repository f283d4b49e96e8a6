package dev.kumiko.train.kernel;

import dev.kumiko.kernel.Approximation;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Fma;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.Scratch;
import java.util.Arrays;

/**
 * The backward pass of attention in plain Java, one query at a time. Keys, values and their
 * gradients lie transposed, {@code [headSize][tokens]}, one array a row: inner loops run over keys.
 */
final class ScalarAttentionGradient {
  private ScalarAttentionGradient() {}

  static void attend(
      float[] qkv,
      float[] context,
      float[] gradient,
      int firstRow,
      int tokens,
      int head,
      Heads heads,
      Distances distances,
      float[] result,
      float[] bias,
      Scratch s) {
    int headSize = heads.size();
    int hidden = heads.queryWidth();
    int stride = heads.rowWidth();
    int start = firstRow * stride + head * headSize;
    int keyStart = firstRow * stride + heads.keyOffset(head);
    int valueStart = firstRow * stride + heads.valueOffset(head);
    float[][] columns = s.rows(4 * headSize + 3, tokens);
    float[][] keys = Arrays.copyOf(columns, headSize);
    float[][] values = Arrays.copyOfRange(columns, headSize, 2 * headSize);
    float[][] dKeys = Arrays.copyOfRange(columns, 2 * headSize, 3 * headSize);
    float[][] dValues = Arrays.copyOfRange(columns, 3 * headSize, 4 * headSize);
    float[] weights = columns[4 * headSize];
    float[] dScores = columns[4 * headSize + 1];
    float[] slopes = columns[4 * headSize + 2];
    for (int k = 0; k < headSize; k++) {
      for (int t = 0; t < tokens; t++) {
        keys[k][t] = qkv[keyStart + t * stride + k];
        values[k][t] = qkv[valueStart + t * stride + k];
      }
      Arrays.fill(dKeys[k], 0, tokens, 0f);
      Arrays.fill(dValues[k], 0, tokens, 0f);
    }
    for (int t = 0; t < tokens; t++) {
      int from = distances.from(t);
      int to = distances.to(t, tokens);
      int query = start + t * stride;
      int row = (firstRow + t) * hidden + head * headSize;
      multiply(qkv, query, keys, headSize, from, to, weights);
      weigh(weights, slopes, t, from, to, head, distances, heads);
      multiply(gradient, row, values, headSize, from, to, dScores);
      float mean = dot(gradient, context, row, row + headSize);
      for (int i = from; i < to; i++) {
        dScores[i] = weights[i] * (dScores[i] - mean);
      }
      if (bias.length > 0) {
        for (int i = from; i < to; i++) {
          bias[tokens - 1 - t + i] += dScores[i];
        }
      }
      for (int i = from; i < to; i++) {
        dScores[i] *= slopes[i];
      }
      for (int k = 0; k < headSize; k++) {
        result[query + k] = dot(dScores, keys[k], from, to);
        add(qkv[query + k], dScores, dKeys[k], from, to);
        add(gradient[row + k], weights, dValues[k], from, to);
      }
    }
    boolean first = heads.isFirstOfKeys(head);
    write(dKeys, tokens, headSize, result, keyStart, stride, first);
    write(dValues, tokens, headSize, result, valueStart, stride, first);
  }

  /** Writes columns as rows, or adds them. */
  private static void write(
      float[][] columns, int rows, int size, float[] y, int to, int stride, boolean overwrite) {
    for (int t = 0; t < rows; t++) {
      for (int k = 0; k < size; k++) {
        int at = to + t * stride + k;
        y[at] = overwrite ? columns[k][t] : y[at] + columns[k][t];
      }
    }
  }

  /** {@code y = x W} for the columns from {@code from} to {@code to}. */
  private static void multiply(
      float[] x, int xo, float[][] w, int inner, int from, int to, float[] y) {
    Arrays.fill(y, from, to, 0f);
    for (int k = 0; k < inner; k++) {
      add(x[xo + k], w[k], y, from, to);
    }
  }

  private static void add(float factor, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Fma.fma(factor, x[i], y[i]);
    }
  }

  private static float dot(float[] x, float[] y, int from, int to) {
    float sum = 0;
    for (int i = from; i < to; i++) {
      sum = Fma.fma(x[i], y[i], sum);
    }
    return sum;
  }

  /**
   * Turns the scores of one query into probabilities.
   *
   * @param slopes gets by how much each scaled, capped score grows with the score
   */
  private static void weigh(
      float[] scores,
      float[] slopes,
      int token,
      int from,
      int to,
      int head,
      Distances distances,
      Heads heads) {
    float scale = heads.scale();
    float cap = heads.cap();
    for (int i = from; i < to; i++) {
      if (heads.areCapped()) {
        float t = Approximation.tanh(scores[i] * scale / cap);
        scores[i] = cap * t;
        slopes[i] = scale * Fma.fma(-t, t, 1f);
      } else {
        scores[i] *= scale;
        slopes[i] = scale;
      }
    }
    if (distances.hasBias()) {
      float[] bias = distances.bias(head);
      int shift = distances.middle() - token;
      for (int i = from; i < to; i++) {
        scores[i] += bias[shift + i];
      }
    }
    float highest = scores[from];
    for (int i = from + 1; i < to; i++) {
      highest = Math.max(highest, scores[i]);
    }
    float sum = 0;
    for (int i = from; i < to; i++) {
      scores[i] = Approximation.exp(scores[i] - highest);
      sum += scores[i];
    }
    float inverse = 1 / sum;
    for (int i = from; i < to; i++) {
      scores[i] *= inverse;
    }
  }
}
