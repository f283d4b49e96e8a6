package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;
import static dev.kumiko.kernel.vector.Species.PANEL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The context of a block of queries: their weights {@code [keys][PANEL]}, below them the inverse of
 * their sums, times one panel of values {@code [keys][PANEL]} that begins at {@code from}. Rows of
 * the context begin at {@code to} and lie {@code stride} apart.
 */
final class Weighting {
  private Weighting() {}

  /** Weighs for {@code count} queries, at most PANEL, and {@code columns} values of each. */
  static void apply(
      float[] weights,
      int count,
      int keys,
      float[] values,
      int from,
      float[] context,
      int to,
      int stride,
      int columns) {
    int query = 0;
    boolean byEights = Eights.USED && columns >= PANEL;
    for (; byEights && query + 8 <= count; query += 8) {
      eight(weights, query, keys, values, from, context, to + query * stride, stride);
    }
    for (; query < count; query += 4) {
      int rows = Math.min(4, count - query);
      four(weights, query, keys, values, from, context, to + query * stride, stride, rows, columns);
    }
  }

  /** Eight queries and a whole panel; only 512 bits have registers for so many. */
  private static void eight(
      float[] weights,
      int query,
      int keys,
      float[] values,
      int from,
      float[] context,
      int to,
      int stride) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    FloatVector e0 = a0;
    FloatVector e1 = a0;
    FloatVector f0 = a0;
    FloatVector f1 = a0;
    FloatVector g0 = a0;
    FloatVector g1 = a0;
    FloatVector h0 = a0;
    FloatVector h1 = a0;
    for (int k = 0; k < keys * PANEL; k += PANEL) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, values, from + k);
      FloatVector w1 = FloatVector.fromArray(FLOATS, values, from + k + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, weights[query + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(FLOATS, weights[query + k + 1]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(FLOATS, weights[query + k + 2]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(FLOATS, weights[query + k + 3]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
      v = FloatVector.broadcast(FLOATS, weights[query + k + 4]);
      e0 = v.fma(w0, e0);
      e1 = v.fma(w1, e1);
      v = FloatVector.broadcast(FLOATS, weights[query + k + 5]);
      f0 = v.fma(w0, f0);
      f1 = v.fma(w1, f1);
      v = FloatVector.broadcast(FLOATS, weights[query + k + 6]);
      g0 = v.fma(w0, g0);
      g1 = v.fma(w1, g1);
      v = FloatVector.broadcast(FLOATS, weights[query + k + 7]);
      h0 = v.fma(w0, h0);
      h1 = v.fma(w1, h1);
    }
    int sums = query + keys * PANEL;
    a0.mul(weights[sums]).intoArray(context, to);
    a1.mul(weights[sums]).intoArray(context, to + LANES);
    b0.mul(weights[sums + 1]).intoArray(context, to + stride);
    b1.mul(weights[sums + 1]).intoArray(context, to + stride + LANES);
    c0.mul(weights[sums + 2]).intoArray(context, to + 2 * stride);
    c1.mul(weights[sums + 2]).intoArray(context, to + 2 * stride + LANES);
    d0.mul(weights[sums + 3]).intoArray(context, to + 3 * stride);
    d1.mul(weights[sums + 3]).intoArray(context, to + 3 * stride + LANES);
    e0.mul(weights[sums + 4]).intoArray(context, to + 4 * stride);
    e1.mul(weights[sums + 4]).intoArray(context, to + 4 * stride + LANES);
    f0.mul(weights[sums + 5]).intoArray(context, to + 5 * stride);
    f1.mul(weights[sums + 5]).intoArray(context, to + 5 * stride + LANES);
    g0.mul(weights[sums + 6]).intoArray(context, to + 6 * stride);
    g1.mul(weights[sums + 6]).intoArray(context, to + 6 * stride + LANES);
    h0.mul(weights[sums + 7]).intoArray(context, to + 7 * stride);
    h1.mul(weights[sums + 7]).intoArray(context, to + 7 * stride + LANES);
  }

  /** At most four queries; lanes beyond {@code rows} are computed and not written. */
  private static void four(
      float[] weights,
      int query,
      int keys,
      float[] values,
      int from,
      float[] context,
      int to,
      int stride,
      int rows,
      int columns) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    for (int k = 0; k < keys * PANEL; k += PANEL) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, values, from + k);
      FloatVector w1 = FloatVector.fromArray(FLOATS, values, from + k + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, weights[query + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(FLOATS, weights[query + k + 1]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(FLOATS, weights[query + k + 2]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(FLOATS, weights[query + k + 3]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
    }
    int sums = query + keys * PANEL;
    VectorMask<Float> m0 = FLOATS.indexInRange(0, columns);
    VectorMask<Float> m1 = FLOATS.indexInRange(LANES, columns);
    a0.mul(weights[sums]).intoArray(context, to, m0);
    a1.mul(weights[sums]).intoArray(context, to + LANES, m1);
    if (rows > 1) {
      b0.mul(weights[sums + 1]).intoArray(context, to + stride, m0);
      b1.mul(weights[sums + 1]).intoArray(context, to + stride + LANES, m1);
    }
    if (rows > 2) {
      c0.mul(weights[sums + 2]).intoArray(context, to + 2 * stride, m0);
      c1.mul(weights[sums + 2]).intoArray(context, to + 2 * stride + LANES, m1);
    }
    if (rows > 3) {
      d0.mul(weights[sums + 3]).intoArray(context, to + 3 * stride, m0);
      d1.mul(weights[sums + 3]).intoArray(context, to + 3 * stride + LANES, m1);
    }
  }
}
