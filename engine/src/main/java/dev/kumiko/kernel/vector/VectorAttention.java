package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.Approximation.EXP_LOWEST;
import static dev.kumiko.kernel.Approximation.EXP_P0;
import static dev.kumiko.kernel.Approximation.EXP_P1;
import static dev.kumiko.kernel.Approximation.EXP_P2;
import static dev.kumiko.kernel.Approximation.EXP_P3;
import static dev.kumiko.kernel.Approximation.EXP_P4;
import static dev.kumiko.kernel.Approximation.LN2_HIGH;
import static dev.kumiko.kernel.Approximation.LN2_LOW;
import static dev.kumiko.kernel.Approximation.LOG2_E;
import static dev.kumiko.kernel.Approximation.ROUND;
import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;
import static dev.kumiko.kernel.vector.Species.PANEL;
import static jdk.incubator.vector.FloatVector.broadcast;

import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Scratch;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Self-attention, one head at a time. Keys and values of the head are packed into panels, so that
 * scores and context are tile products; the scores of a few rows never leave the first-level cache.
 */
final class VectorAttention {
  /** Rows of scores held at a time: whole tiles of six. */
  private static final int ROW_BLOCK = 6;

  private static final float[] NO_BIAS = new float[PANEL];

  private VectorAttention() {}

  static void attend(
      float[] qkv,
      int firstRow,
      int tokens,
      int heads,
      int headSize,
      Distances distances,
      float[] context,
      Scratch s) {
    int hidden = heads * headSize;
    int scoreStride = Species.padToPanel(tokens);
    int valueStride = Species.padToPanel(headSize);
    float[] keys = s.keys(scoreStride * headSize);
    float[] values = s.values(tokens * valueStride);
    float[] scores = s.scores(ROW_BLOCK * scoreStride);
    float scale = (float) (1 / Math.sqrt(headSize));
    for (int head = 0; head < heads; head++) {
      int query = firstRow * 3 * hidden + head * headSize;
      packKeys(qkv, query + hidden, 3 * hidden, tokens, headSize, keys);
      packValues(qkv, query + 2 * hidden, 3 * hidden, tokens, headSize, values);
      for (int row = 0; row < tokens; row += ROW_BLOCK) {
        int rows = Math.min(ROW_BLOCK, tokens - row);
        int from = query + row * 3 * hidden;
        // The keys that any of these rows sees, from a whole panel on.
        int firstKey = distances.from(row) / PANEL * PANEL;
        int lastKey = distances.to(row + rows - 1, tokens);
        for (int column = firstKey; column < lastKey; column += PANEL) {
          Tiles.multiply(
              qkv,
              from,
              3 * hidden,
              rows,
              keys,
              column * headSize,
              headSize,
              NO_BIAS,
              0,
              scores,
              column,
              scoreStride,
              PANEL);
        }
        for (int r = 0; r < rows; r++) {
          int seen = r * scoreStride;
          int columns = Species.padToPanel(lastKey - firstKey);
          weigh(scores, seen, firstKey, columns, row + r, head, tokens, distances, scale);
        }
        int to = (firstRow + row) * hidden + head * headSize;
        for (int column = 0; column < headSize; column += PANEL) {
          Tiles.multiply(
              scores,
              firstKey,
              scoreStride,
              rows,
              values,
              column * tokens + firstKey * PANEL,
              lastKey - firstKey,
              NO_BIAS,
              0,
              context,
              to + column,
              hidden,
              headSize - column);
        }
      }
    }
  }

  /** Packs {@code [tokens][headSize]} into panels {@code [tokens / PANEL][headSize][PANEL]}. */
  private static void packKeys(
      float[] qkv, int from, int stride, int tokens, int headSize, float[] keys) {
    int lastPanel = tokens / PANEL * PANEL;
    if (lastPanel < tokens) {
      Arrays.fill(keys, lastPanel * headSize, (lastPanel + PANEL) * headSize, 0f);
    }
    for (int t = 0; t < tokens; t++) {
      int to = t / PANEL * PANEL * headSize + t % PANEL;
      for (int k = 0; k < headSize; k++) {
        keys[to + k * PANEL] = qkv[from + t * stride + k];
      }
    }
  }

  /** Packs {@code [tokens][headSize]} into panels {@code [headSize / PANEL][tokens][PANEL]}. */
  private static void packValues(
      float[] qkv, int from, int stride, int tokens, int headSize, float[] values) {
    for (int column = 0; column < headSize; column += PANEL) {
      int count = Math.min(PANEL, headSize - column);
      for (int t = 0; t < tokens; t++) {
        int to = (column * tokens) + t * PANEL;
        System.arraycopy(qkv, from + t * stride + column, values, to, count);
        Arrays.fill(values, to + count, to + PANEL, 0f);
      }
    }
  }

  /** Turns the scores of one query, a token of the text, into weights; whole panels of them. */
  private static void weigh(
      float[] scores,
      int offset,
      int firstKey,
      int columns,
      int token,
      int head,
      int tokens,
      Distances distances,
      float scale) {
    int from = distances.from(token);
    int to = distances.to(token, tokens);
    if (distances.hasBias()) {
      float[] bias = distances.bias(head);
      int shift = distances.middle() - token;
      for (int i = from; i < to; i++) {
        scores[offset + i] = Math.fma(scores[offset + i], scale, bias[shift + i]);
      }
    }
    int start = offset + firstKey;
    Arrays.fill(scores, start, offset + from, Float.NEGATIVE_INFINITY);
    Arrays.fill(scores, offset + to, start + columns, Float.NEGATIVE_INFINITY);
    softmax(scores, start, start + columns, distances.hasBias() ? 1f : scale);
  }

  /** Softmax of {@code scale * x} in place; what is minus infinity becomes nothing. */
  private static void softmax(float[] x, int offset, int end, float scale) {
    FloatVector highest = FloatVector.fromArray(FLOATS, x, offset);
    for (int i = offset + LANES; i < end; i += LANES) {
      highest = highest.max(FloatVector.fromArray(FLOATS, x, i));
    }
    FloatVector top = broadcast(FLOATS, highest.reduceLanes(VectorOperators.MAX));
    FloatVector sums = FloatVector.zero(FLOATS);
    for (int i = offset; i < end; i += LANES) {
      // The difference first: its rounding cannot make it positive.
      FloatVector v = FloatVector.fromArray(FLOATS, x, i).sub(top).mul(scale).max(EXP_LOWEST);
      FloatVector rounded = v.fma(broadcast(FLOATS, LOG2_E), broadcast(FLOATS, ROUND));
      FloatVector n = rounded.sub(ROUND);
      FloatVector r = n.fma(broadcast(FLOATS, -LN2_HIGH), v);
      r = n.fma(broadcast(FLOATS, -LN2_LOW), r);
      FloatVector p = broadcast(FLOATS, EXP_P4).fma(r, broadcast(FLOATS, EXP_P3));
      p = p.fma(r, broadcast(FLOATS, EXP_P2));
      p = p.fma(r, broadcast(FLOATS, EXP_P1));
      p = p.fma(r, broadcast(FLOATS, EXP_P0));
      p = p.mul(r).fma(r, r).add(1f);
      FloatVector e =
          p.reinterpretAsInts()
              .add(rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
              .reinterpretAsFloats();
      e.intoArray(x, i);
      sums = sums.add(e);
    }
    float inverse = 1 / sums.reduceLanes(VectorOperators.ADD);
    for (int i = offset; i < end; i += LANES) {
      FloatVector.fromArray(FLOATS, x, i).mul(inverse).intoArray(x, i);
    }
  }
}
