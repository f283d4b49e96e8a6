package dev.kumiko.train.kernel.vector;

import static dev.kumiko.kernel.Approximation.*;
import static dev.kumiko.train.kernel.vector.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.broadcast;

import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.Scratch;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The backward pass of attention, one query at a time. Keys and values lie transposed, {@code
 * [headSize][keys]}, for the scores, and keys and all gradients by rows, {@code [keys][headSize]};
 * both are filled up with zeros to whole vectors.
 */
final class VectorAttentionGradient {
  private VectorAttentionGradient() {}

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
    int width = Lanes.pad(headSize);
    int length = Lanes.pad(tokens);
    float[] keyColumns =
        columns(qkv, keyStart, stride, tokens, headSize, s.tiles(headSize * length), length);
    float[] valueColumns =
        columns(qkv, valueStart, stride, tokens, headSize, s.panel(headSize * length), length);
    float[] keyRows =
        rows(qkv, keyStart, stride, tokens, headSize, s.values(tokens * width), width);
    float[] dKeys = zeros(s.queries(tokens * width), tokens * width);
    float[] dValues = zeros(s.edge(tokens * width), tokens * width);
    float[] memory = s.scores(3 * length + 3 * width);
    int dScores = length;
    int slopes = 2 * length;
    int query = 3 * length;
    int dContext = query + width;
    int dQuery = dContext + width;
    Arrays.fill(memory, query, dQuery + width, 0f);
    for (int t = 0; t < tokens; t++) {
      int from = distances.from(t);
      int to = distances.to(t, tokens);
      int row = (firstRow + t) * hidden + head * headSize;
      System.arraycopy(qkv, start + t * stride, memory, query, headSize);
      System.arraycopy(gradient, row, memory, dContext, headSize);
      multiply(memory, query, keyColumns, headSize, length, from, to, memory, 0);
      float inverse = weigh(memory, slopes, t, from, to, head, distances, heads);
      multiply(memory, dContext, valueColumns, headSize, length, from, to, memory, dScores);
      float mean = dot(gradient, context, row, headSize);
      for (int i = from; i < to; i++) {
        memory[i] *= inverse;
        memory[dScores + i] = memory[i] * (memory[dScores + i] - mean);
      }
      if (bias.length > 0) {
        for (int i = from; i < to; i++) {
          bias[tokens - 1 - t + i] += memory[dScores + i];
        }
      }
      for (int i = from; i < to; i++) {
        memory[dScores + i] *= memory[slopes + i];
      }
      for (int k = 0; k < width; k += Lanes.COUNT) {
        gather(memory, dScores, keyRows, k, width, from, to, dQuery);
        spread(memory, dScores, query + k, dKeys, k, width, from, to);
        spread(memory, 0, dContext + k, dValues, k, width, from, to);
      }
      System.arraycopy(memory, dQuery, result, start + t * stride, headSize);
    }
    boolean first = heads.isFirstOfKeys(head);
    write(dKeys, width, tokens, headSize, result, keyStart, stride, first);
    write(dValues, width, tokens, headSize, result, valueStart, stride, first);
  }

  /** Writes rows of {@code size} values, or adds them. */
  private static void write(
      float[] x, int width, int rows, int size, float[] y, int to, int stride, boolean overwrite) {
    for (int t = 0; t < rows; t++) {
      int at = to + t * stride;
      if (overwrite) {
        System.arraycopy(x, t * width, y, at, size);
        continue;
      }
      for (int k = 0; k < size; k++) {
        y[at + k] += x[t * width + k];
      }
    }
  }

  private static float[] columns(
      float[] x, int from, int stride, int rows, int size, float[] target, int length) {
    for (int k = 0; k < size; k++) {
      for (int t = 0; t < rows; t++) {
        target[k * length + t] = x[from + t * stride + k];
      }
      Arrays.fill(target, k * length + rows, (k + 1) * length, 0f);
    }
    return target;
  }

  private static float[] rows(
      float[] x, int from, int stride, int rows, int size, float[] target, int width) {
    for (int t = 0; t < rows; t++) {
      System.arraycopy(x, from + t * stride, target, t * width, size);
      Arrays.fill(target, t * width + size, (t + 1) * width, 0f);
    }
    return target;
  }

  private static float[] zeros(float[] x, int count) {
    Arrays.fill(x, 0, count, 0f);
    return x;
  }

  /** {@code y = x W} for whole vectors of columns around those from {@code from} to {@code to}. */
  private static void multiply(
      float[] x, int xo, float[] w, int inner, int length, int from, int to, float[] y, int yo) {
    for (int i = from / Lanes.COUNT * Lanes.COUNT; i < to; i += Lanes.COUNT) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int k = 0; k < inner; k++) {
        sum =
            FloatVector.fromArray(FLOATS, w, k * length + i).fma(broadcast(FLOATS, x[xo + k]), sum);
      }
      sum.intoArray(y, yo + i);
    }
  }

  /** Writes a vector of {@code x W}, where {@code x} are the scores' gradients. */
  private static void gather(
      float[] memory, int x, float[] w, int k, int width, int from, int to, int target) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = from; i < to; i++) {
      sum =
          FloatVector.fromArray(FLOATS, w, i * width + k)
              .fma(broadcast(FLOATS, memory[x + i]), sum);
    }
    sum.intoArray(memory, target + k);
  }

  /** Adds a vector to rows, each with a factor of its own. */
  private static void spread(
      float[] memory, int factors, int vector, float[] y, int k, int width, int from, int to) {
    FloatVector v = FloatVector.fromArray(FLOATS, memory, vector);
    for (int i = from; i < to; i++) {
      int at = i * width + k;
      v.fma(broadcast(FLOATS, memory[factors + i]), FloatVector.fromArray(FLOATS, y, at))
          .intoArray(y, at);
    }
  }

  private static float dot(float[] x, float[] y, int from, int count) {
    float sum = 0;
    for (int i = from; i < from + count; i++) {
      sum = Math.fma(x[i], y[i], sum);
    }
    return sum;
  }

  /**
   * Turns the scores of one query into weights.
   *
   * @param slopes where in {@code scores} to write by how much each scaled, capped score grows with
   *     the score
   * @return what they are still to be multiplied with
   */
  private static float weigh(
      float[] scores,
      int slopes,
      int token,
      int from,
      int to,
      int head,
      Distances distances,
      Heads heads) {
    float scale = heads.scale();
    if (heads.areCapped()) {
      cap(scores, slopes, from, to, scale, heads.cap());
    } else {
      for (int i = from; i < to; i++) {
        scores[i] *= scale;
        scores[slopes + i] = scale;
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
    // Beyond the last key there is room for a whole vector, and nobody reads it.
    for (int i = from / Lanes.COUNT * Lanes.COUNT; i < to; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromArray(FLOATS, scores, i).sub(highest).max(EXP_LOWEST).min(0f);
      FloatVector rounded = v.fma(broadcast(FLOATS, LOG2_E), broadcast(FLOATS, ROUND));
      FloatVector n = rounded.sub(ROUND);
      FloatVector r = n.fma(broadcast(FLOATS, -LN2_HIGH), v);
      r = n.fma(broadcast(FLOATS, -LN2_LOW), r);
      FloatVector p = broadcast(FLOATS, EXP_P4).fma(r, broadcast(FLOATS, EXP_P3));
      p = p.fma(r, broadcast(FLOATS, EXP_P2));
      p = p.fma(r, broadcast(FLOATS, EXP_P1));
      p = p.fma(r, broadcast(FLOATS, EXP_P0));
      p = p.mul(r).fma(r, r).add(1f);
      p.reinterpretAsInts()
          .add(rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
          .reinterpretAsFloats()
          .intoArray(scores, i);
    }
    float sum = 0;
    for (int i = from; i < to; i++) {
      sum += scores[i];
    }
    return 1 / sum;
  }

  /** {@code S = c tanh(z s / c)}, which grows by {@code z (1 - (S / c)^2)}. */
  private static void cap(float[] scores, int slopes, int from, int to, float scale, float cap) {
    float factor = scale / cap;
    // Room for whole vectors is on both sides, as below.
    for (int i = from / Lanes.COUNT * Lanes.COUNT; i < to; i += Lanes.COUNT) {
      FloatVector z =
          FloatVector.fromArray(FLOATS, scores, i).mul(factor).max(-TANH_LIMIT).min(TANH_LIMIT);
      FloatVector u = z.mul(z);
      FloatVector p = broadcast(FLOATS, TANH_P5).fma(u, broadcast(FLOATS, TANH_P4));
      p = p.fma(u, broadcast(FLOATS, TANH_P3));
      p = p.fma(u, broadcast(FLOATS, TANH_P2));
      p = p.fma(u, broadcast(FLOATS, TANH_P1));
      p = p.fma(u, broadcast(FLOATS, 1f));
      FloatVector q = broadcast(FLOATS, TANH_Q5).fma(u, broadcast(FLOATS, TANH_Q4));
      q = q.fma(u, broadcast(FLOATS, TANH_Q3));
      q = q.fma(u, broadcast(FLOATS, TANH_Q2));
      q = q.fma(u, broadcast(FLOATS, TANH_Q1));
      q = q.fma(u, broadcast(FLOATS, 1f));
      FloatVector t = z.mul(p).div(q);
      t.mul(cap).intoArray(scores, i);
      t.neg().fma(t, broadcast(FLOATS, 1f)).mul(scale).intoArray(scores, slopes + i);
    }
  }
}
