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
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.Queries;
import dev.kumiko.kernel.Scratch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Self-attention, one head at a time. Scores are kept transposed, {@code [keys][PANEL]} with one
 * lane for each query of a block: the softmax then needs no sum across lanes, and keys no padding.
 * Its division comes last, on the context (Milakov and Gimelshein, arXiv 1805.02867, section 2).
 */
final class VectorAttention {
  private VectorAttention() {}

  static void attend(
      float[] qkv, Queries queries, Heads heads, Distances distances, float[] context, Scratch s) {
    int tokens = distances.to(queries.end() - 1, queries.tokens());
    int firstRow = queries.firstRow();
    int headSize = heads.size();
    int hidden = heads.queryWidth();
    int stride = heads.rowWidth();
    float[] values = s.values(tokens * Species.padToPanel(headSize));
    float[] packed = s.queries(headSize * PANEL);
    float[] scores = s.scores((tokens + 1) * PANEL);
    float scale = heads.scaleBehindCap();
    LaidRows keyRows = null;
    for (int head = 0; head < heads.queries(); head++) {
      int from = firstRow * stride + head * headSize;
      // Keys have to be laid only once.
      if (heads.isFirstOfKeys(head)) {
        int first = firstRow * stride;
        keyRows = RowTiles.lay(qkv, first + heads.keyOffset(head), stride, tokens, headSize, s);
        packValues(qkv, first + heads.valueOffset(head), stride, tokens, headSize, values);
      }
      for (int query = queries.first(); query < queries.end(); query += PANEL) {
        int count = Math.min(PANEL, queries.end() - query);
        // The keys that any of these queries sees, from the beginning of a tile.
        int firstKey = RowTiles.start(distances.from(query), tokens);
        int endKey = distances.to(query + count - 1, tokens);
        int keys = endKey - firstKey;
        packQueries(qkv, from + query * stride, stride, count, headSize, packed);
        Tiles.multiplyRows(keyRows, firstKey, endKey, packed, scores, s);
        if (heads.areCapped()) {
          float factor = heads.scale() / heads.cap();
          VectorActivation.cap(scores, 0, keys * PANEL, factor, heads.cap());
        }
        if (!distances.areIgnored()) {
          apply(distances, head, query, count, tokens, firstKey, keys, scale, scores);
        }
        for (int lane = 0; lane < count; lane += LANES) {
          exponentiate(scores, lane, keys, distances.hasBias() ? 1f : scale);
        }
        int to = (queries.contextRow() + query - queries.first()) * hidden + head * headSize;
        for (int column = 0; column < headSize; column += PANEL) {
          Tiles.multiplyColumns(
              scores,
              count,
              keys,
              values,
              column * tokens + firstKey * PANEL,
              new Window(context, to + column, hidden),
              Math.min(PANEL, headSize - column),
              s);
        }
        divide(context, to, hidden, count, headSize, scores, keys * PANEL);
      }
    }
  }

  /** Multiplies each query's context by the inverse of its sum. */
  private static void divide(
      float[] context, int to, int stride, int count, int headSize, float[] scores, int inverses) {
    int whole = FLOATS.loopBound(headSize);
    for (int q = 0; q < count; q++) {
      float inverse = scores[inverses + q];
      int row = to + q * stride;
      for (int k = 0; k < whole; k += LANES) {
        FloatVector.fromArray(FLOATS, context, row + k).mul(inverse).intoArray(context, row + k);
      }
      for (int k = whole; k < headSize; k++) {
        context[row + k] *= inverse;
      }
    }
  }

  /** Packs {@code [tokens][headSize]} into panels {@code [headSize / PANEL][tokens][PANEL]}. */
  private static void packValues(
      float[] qkv, int from, int stride, int tokens, int headSize, float[] values) {
    int whole = FLOATS.loopBound(headSize);
    for (int t = 0; t < tokens; t++) {
      int row = from + t * stride;
      for (int k = 0; k < whole; k += LANES) {
        int to = k / PANEL * PANEL * tokens + t * PANEL + k % PANEL;
        FloatVector.fromArray(FLOATS, qkv, row + k).intoArray(values, to);
      }
      for (int k = whole; k < headSize; k++) {
        values[k / PANEL * PANEL * tokens + t * PANEL + k % PANEL] = qkv[row + k];
      }
    }
  }

  /** Transposes {@code [count][headSize]} into {@code [headSize][PANEL]}. */
  private static void packQueries(
      float[] qkv, int from, int stride, int count, int headSize, float[] queries) {
    for (int q = 0; q < count; q++) {
      int row = from + q * stride;
      for (int k = 0; k < headSize; k++) {
        queries[q + k * PANEL] = qkv[row + k];
      }
    }
  }

  /** Adds the bias to scaled scores, and hides the keys that a query does not see. */
  private static void apply(
      Distances distances,
      int head,
      int firstQuery,
      int count,
      int tokens,
      int firstKey,
      int keys,
      float scale,
      float[] scores) {
    for (int q = 0; q < count; q++) {
      int query = firstQuery + q;
      int from = distances.from(query) - firstKey;
      int to = distances.to(query, tokens) - firstKey;
      if (distances.hasBias()) {
        float[] bias = distances.bias(head);
        int shift = distances.middle() + firstKey - query;
        for (int k = from; k < to; k++) {
          int i = k * PANEL + q;
          scores[i] = Math.fma(scores[i], scale, bias[shift + k]);
        }
      }
      for (int k = 0; k < from; k++) {
        scores[k * PANEL + q] = Float.NEGATIVE_INFINITY;
      }
      for (int k = to; k < keys; k++) {
        scores[k * PANEL + q] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /**
   * Replaces the scores of LANES queries by {@code exp(scale * (x - highest))}, and writes the
   * inverse of their sum below the last key's.
   */
  private static void exponentiate(float[] x, int lane, int keys, float scale) {
    int end = keys * PANEL + lane;
    FloatVector highest = FloatVector.fromArray(FLOATS, x, lane);
    for (int i = lane + PANEL; i < end; i += PANEL) {
      highest = highest.max(FloatVector.fromArray(FLOATS, x, i));
    }
    FloatVector sums = FloatVector.zero(FLOATS);
    for (int i = lane; i < end; i += PANEL) {
      // The difference first: its rounding cannot make it positive.
      FloatVector v = FloatVector.fromArray(FLOATS, x, i).sub(highest).mul(scale).max(EXP_LOWEST);
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
    broadcast(FLOATS, 1f).div(sums).intoArray(x, end);
  }
}
