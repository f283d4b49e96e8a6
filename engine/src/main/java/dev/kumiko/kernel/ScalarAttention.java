package dev.kumiko.kernel;

import java.util.Arrays;

/** Self-attention in plain Java, one head at a time, two rows of scores at a time. */
final class ScalarAttention {
  private ScalarAttention() {}

  static void attend(
      float[] qkv, Queries queries, Heads heads, Distances distances, float[] context, Scratch s) {
    int tokens = distances.to(queries.end() - 1, queries.tokens());
    int firstRow = queries.firstRow();
    int headSize = heads.size();
    int hidden = heads.queryWidth();
    int stride = heads.rowWidth();
    // keys transposed [headSize][tokens], values [tokens][headSize], scores and sums of two rows
    float[][] keys = s.rows(headSize + 2, tokens);
    float[][] values = s.valueRows(tokens + 2, headSize);
    float[] score0 = keys[headSize];
    float[] score1 = keys[headSize + 1];
    float[] sum0 = values[tokens];
    float[] sum1 = values[tokens + 1];
    for (int head = 0; head < heads.queries(); head++) {
      int query = firstRow * stride + head * headSize;
      if (heads.isFirstOfKeys(head)) {
        int first = firstRow * stride;
        transpose(qkv, first + heads.keyOffset(head), stride, tokens, headSize, keys);
        for (int t = 0; t < tokens; t++) {
          System.arraycopy(
              qkv, first + t * stride + heads.valueOffset(head), values[t], 0, headSize);
        }
      }
      for (int t = queries.first(); t < queries.end(); t += 2) {
        // An odd last row is computed twice rather than by code of its own.
        int q0 = query + t * stride;
        int q1 = t + 1 < queries.end() ? q0 + stride : q0;
        // The keys that either sees.
        int next = Math.min(t + 1, queries.end() - 1);
        int seen = distances.to(next, tokens);
        Arrays.fill(score0, 0, seen, 0f);
        Arrays.fill(score1, 0, seen, 0f);
        ScalarProduct.twoRows(qkv, q0, q1, headSize, keys, distances.from(t), seen, score0, score1);
        float inverse0 = weigh(score0, t, head, tokens, seen, distances, heads);
        float inverse1 = weigh(score1, next, head, tokens, seen, distances, heads);
        Arrays.fill(sum0, 0, headSize, 0f);
        Arrays.fill(sum1, 0, headSize, 0f);
        ScalarProduct.oneRow(score0, 0, seen, values, 0, headSize, sum0);
        ScalarProduct.oneRow(score1, 0, seen, values, 0, headSize, sum1);
        int to = (queries.contextRow() + t - queries.first()) * hidden + head * headSize;
        scale(sum0, inverse0, context, to, headSize);
        if (t + 1 < queries.end()) {
          scale(sum1, inverse1, context, to + hidden, headSize);
        }
      }
    }
  }

  /**
   * Turns {@code [tokens][headSize]}, rows {@code stride} apart, into {@code [headSize][tokens]}.
   */
  private static void transpose(
      float[] x, int from, int stride, int tokens, int headSize, float[][] columns) {
    for (int t = 0; t < tokens; t++) {
      for (int k = 0; k < headSize; k++) {
        columns[k][t] = x[from + t * stride + k];
      }
    }
  }

  private static void scale(float[] x, float factor, float[] y, int yo, int count) {
    for (int i = 0; i < count; i++) {
      y[yo + i] = x[i] * factor;
    }
  }

  /**
   * Turns the scores of one query, a token of the text, into weights.
   *
   * @return what they are still to be multiplied with
   */
  private static float weigh(
      float[] scores, int token, int head, int tokens, int seen, Distances distances, Heads heads) {
    int from = distances.from(token);
    int to = distances.to(token, tokens);
    float scale = heads.scaleBehindCap();
    if (heads.areCapped()) {
      ScalarActivation.cap(scores, from, to - from, heads.scale() / heads.cap(), heads.cap());
    }
    if (distances.hasBias()) {
      float[] bias = distances.bias(head);
      int shift = distances.middle() - token;
      for (int i = from; i < to; i++) {
        scores[i] = Fma.fma(scores[i], scale, bias[shift + i]);
      }
    }
    float sum = exponentiate(scores, from, to, distances.hasBias() ? 1f : scale);
    Arrays.fill(scores, 0, from, 0f);
    Arrays.fill(scores, to, seen, 0f);
    return 1 / sum;
  }

  /** Replaces scores by {@code exp(scale * (x - highest))} and returns their sum. */
  private static float exponentiate(float[] x, int from, int to, float scale) {
    float highest = x[from];
    for (int i = from + 1; i < to; i++) {
      highest = Math.max(highest, x[i]);
    }
    for (int i = from; i < to; i++) {
      // The difference first: its rounding cannot make it positive.
      x[i] = Approximation.exp((x[i] - highest) * scale);
    }
    float sum = 0;
    for (int i = from; i < to; i++) {
      sum += x[i];
    }
    return sum;
  }
}
