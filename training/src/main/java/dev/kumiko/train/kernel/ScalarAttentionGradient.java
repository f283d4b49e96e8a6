package dev.kumiko.train.kernel;

import dev.kumiko.kernel.Approximation;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Fma;
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
      int heads,
      int headSize,
      Distances distances,
      float[] result,
      float[] bias,
      Scratch s) {
    int hidden = heads * headSize;
    int stride = 3 * hidden;
    int start = firstRow * stride + head * headSize;
    float scale = (float) (1 / Math.sqrt(headSize));
    float[][] columns = s.rows(4 * headSize + 2, tokens);
    float[][] keys = Arrays.copyOf(columns, headSize);
    float[][] values = Arrays.copyOfRange(columns, headSize, 2 * headSize);
    float[][] dKeys = Arrays.copyOfRange(columns, 2 * headSize, 3 * headSize);
    float[][] dValues = Arrays.copyOfRange(columns, 3 * headSize, 4 * headSize);
    float[] weights = columns[4 * headSize];
    float[] dScores = columns[4 * headSize + 1];
    for (int k = 0; k < headSize; k++) {
      for (int t = 0; t < tokens; t++) {
        keys[k][t] = qkv[start + t * stride + hidden + k];
        values[k][t] = qkv[start + t * stride + 2 * hidden + k];
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
      weigh(weights, t, from, to, head, distances, scale);
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
        dScores[i] *= scale;
      }
      for (int k = 0; k < headSize; k++) {
        result[query + k] = dot(dScores, keys[k], from, to);
        add(qkv[query + k], dScores, dKeys[k], from, to);
        add(gradient[row + k], weights, dValues[k], from, to);
      }
    }
    for (int t = 0; t < tokens; t++) {
      for (int k = 0; k < headSize; k++) {
        result[start + t * stride + hidden + k] = dKeys[k][t];
        result[start + t * stride + 2 * hidden + k] = dValues[k][t];
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

  /** Turns the scores of one query into probabilities. */
  private static void weigh(
      float[] scores, int token, int from, int to, int head, Distances distances, float scale) {
    for (int i = from; i < to; i++) {
      scores[i] *= scale;
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
