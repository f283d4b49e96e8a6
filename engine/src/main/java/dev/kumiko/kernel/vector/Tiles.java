package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;
import static dev.kumiko.kernel.vector.Species.PANEL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The matrix product of a few rows with one panel of weights, {@code y[r][c] = bias[c] + sum over k
 * of x[r][k] * panel[k][c]}, for {@link Species#PANEL} columns: two vectors.
 *
 * <p>All tiles share their arguments: rows of {@code x} begin at {@code xo} and lie {@code xStride}
 * apart; the panel {@code [inner][PANEL]} begins at {@code po}; to the sums are added PANEL values
 * of {@code start} from {@code so}, {@code sStride} apart, last: C2 makes slower code of sums that
 * begin with values from memory; rows of {@code y} begin at {@code yo}, lie {@code yStride} apart
 * and get {@code columns} values.
 *
 * <p>Vectors never cross a method call: a helper that C2 does not inline would box them.
 */
final class Tiles {
  /**
   * Rows of a panel that pass over all rows of x at a time: 24 KB stay in the first-level cache.
   */
  private static final int INNER_BLOCK = 24 * 1024 / (PANEL * Float.BYTES);

  private Tiles() {}

  /**
   * Multiplies any number of rows with one panel.
   *
   * @param eights the same rows as {@link Eights} lays them, from {@code eo} on
   */
  static void multiply(
      float[] x,
      int xo,
      int xStride,
      int rows,
      float[] eights,
      int eo,
      float[] panels,
      int po,
      int inner,
      float[] bias,
      int bo,
      float[] y,
      int yo,
      int yStride,
      int columns) {
    int block = innerBlock(inner, columns);
    int first = Math.min(block, inner);
    int eStride = Eights.ROWS * inner;
    multiplyBlock(
        x, xo, xStride, rows, eights, eo, eStride, panels, po, first, bias, bo, 0, y, yo, yStride,
        columns);
    for (int k = first; k < inner; k += block) {
      int count = Math.min(block, inner - k);
      int from = po + k * PANEL;
      multiplyBlock(
          x,
          xo + k,
          xStride,
          rows,
          eights,
          eo + k * Eights.ROWS,
          eStride,
          panels,
          from,
          count,
          y,
          yo,
          yStride,
          y,
          yo,
          yStride,
          PANEL);
    }
  }

  /**
   * Returns how many rows of a panel to pass over all rows of x at a time. Sums of a whole panel
   * can wait in y, and go on from there.
   */
  static int innerBlock(int inner, int columns) {
    return columns >= PANEL ? INNER_BLOCK : inner;
  }

  /**
   * The same for one block of the inner dimension, in tiles of eight or six rows and smaller ones.
   *
   * @param eStride from one eight to the next
   */
  static void multiplyBlock(
      float[] x,
      int xo,
      int xStride,
      int rows,
      float[] eights,
      int eo,
      int eStride,
      float[] panels,
      int po,
      int inner,
      float[] start,
      int so,
      int sStride,
      float[] y,
      int yo,
      int yStride,
      int columns) {
    int row = 0;
    boolean byEights = Eights.USED && columns >= PANEL;
    for (; byEights && row + Eights.ROWS <= rows; row += Eights.ROWS) {
      rows8(eights, eo, panels, po, inner, start, so, sStride, y, yo, yStride);
      xo += Eights.ROWS * xStride;
      eo += eStride;
      so += Eights.ROWS * sStride;
      yo += Eights.ROWS * yStride;
    }
    for (; row + 6 <= rows; row += 6) {
      rows6(x, xo, xStride, panels, po, inner, start, so, sStride, y, yo, yStride, columns);
      xo += 6 * xStride;
      so += 6 * sStride;
      yo += 6 * yStride;
    }
    if (row + 4 <= rows) {
      rows4(x, xo, xStride, panels, po, inner, start, so, sStride, y, yo, yStride, columns);
      row += 4;
      xo += 4 * xStride;
      so += 4 * sStride;
      yo += 4 * yStride;
    }
    if (row + 2 <= rows) {
      rows2(x, xo, xStride, panels, po, inner, start, so, sStride, y, yo, yStride, columns);
      row += 2;
      xo += 2 * xStride;
      so += 2 * sStride;
      yo += 2 * yStride;
    }
    if (row < rows) {
      rows1(x, xo, panels, po, inner, start, so, y, yo, columns);
    }
  }

  /**
   * Eight rows of a whole panel, read side by side: 16 accumulators, which with their operands need
   * 32 registers.
   */
  private static void rows8(
      float[] eights,
      int eo,
      float[] panels,
      int po,
      int inner,
      float[] start,
      int so,
      int sStride,
      float[] y,
      int yo,
      int yStride) {
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
    for (int k = 0; k < inner; k++, po += PANEL, eo += Eights.ROWS) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, panels, po);
      FloatVector w1 = FloatVector.fromArray(FLOATS, panels, po + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, eights[eo]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(FLOATS, eights[eo + 1]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(FLOATS, eights[eo + 2]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(FLOATS, eights[eo + 3]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
      v = FloatVector.broadcast(FLOATS, eights[eo + 4]);
      e0 = v.fma(w0, e0);
      e1 = v.fma(w1, e1);
      v = FloatVector.broadcast(FLOATS, eights[eo + 5]);
      f0 = v.fma(w0, f0);
      f1 = v.fma(w1, f1);
      v = FloatVector.broadcast(FLOATS, eights[eo + 6]);
      g0 = v.fma(w0, g0);
      g1 = v.fma(w1, g1);
      v = FloatVector.broadcast(FLOATS, eights[eo + 7]);
      h0 = v.fma(w0, h0);
      h1 = v.fma(w1, h1);
    }
    a0 = a0.add(FloatVector.fromArray(FLOATS, start, so));
    a1 = a1.add(FloatVector.fromArray(FLOATS, start, so + LANES));
    b0 = b0.add(FloatVector.fromArray(FLOATS, start, so + sStride));
    b1 = b1.add(FloatVector.fromArray(FLOATS, start, so + sStride + LANES));
    c0 = c0.add(FloatVector.fromArray(FLOATS, start, so + 2 * sStride));
    c1 = c1.add(FloatVector.fromArray(FLOATS, start, so + 2 * sStride + LANES));
    d0 = d0.add(FloatVector.fromArray(FLOATS, start, so + 3 * sStride));
    d1 = d1.add(FloatVector.fromArray(FLOATS, start, so + 3 * sStride + LANES));
    e0 = e0.add(FloatVector.fromArray(FLOATS, start, so + 4 * sStride));
    e1 = e1.add(FloatVector.fromArray(FLOATS, start, so + 4 * sStride + LANES));
    f0 = f0.add(FloatVector.fromArray(FLOATS, start, so + 5 * sStride));
    f1 = f1.add(FloatVector.fromArray(FLOATS, start, so + 5 * sStride + LANES));
    g0 = g0.add(FloatVector.fromArray(FLOATS, start, so + 6 * sStride));
    g1 = g1.add(FloatVector.fromArray(FLOATS, start, so + 6 * sStride + LANES));
    h0 = h0.add(FloatVector.fromArray(FLOATS, start, so + 7 * sStride));
    h1 = h1.add(FloatVector.fromArray(FLOATS, start, so + 7 * sStride + LANES));
    a0.intoArray(y, yo);
    a1.intoArray(y, yo + LANES);
    b0.intoArray(y, yo + yStride);
    b1.intoArray(y, yo + yStride + LANES);
    c0.intoArray(y, yo + 2 * yStride);
    c1.intoArray(y, yo + 2 * yStride + LANES);
    d0.intoArray(y, yo + 3 * yStride);
    d1.intoArray(y, yo + 3 * yStride + LANES);
    e0.intoArray(y, yo + 4 * yStride);
    e1.intoArray(y, yo + 4 * yStride + LANES);
    f0.intoArray(y, yo + 5 * yStride);
    f1.intoArray(y, yo + 5 * yStride + LANES);
    g0.intoArray(y, yo + 6 * yStride);
    g1.intoArray(y, yo + 6 * yStride + LANES);
    h0.intoArray(y, yo + 7 * yStride);
    h1.intoArray(y, yo + 7 * yStride + LANES);
  }

  /** Six rows: twelve accumulators, the most that fit beside the operands in 16 registers. */
  private static void rows6(
      float[] x,
      int xo,
      int xStride,
      float[] panels,
      int po,
      int inner,
      float[] start,
      int so,
      int sStride,
      float[] y,
      int yo,
      int yStride,
      int columns) {
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
    for (int k = 0; k < inner; k++, po += PANEL) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, panels, po);
      FloatVector w1 = FloatVector.fromArray(FLOATS, panels, po + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, x[xo + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(FLOATS, x[xo + xStride + k]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(FLOATS, x[xo + 2 * xStride + k]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(FLOATS, x[xo + 3 * xStride + k]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
      v = FloatVector.broadcast(FLOATS, x[xo + 4 * xStride + k]);
      e0 = v.fma(w0, e0);
      e1 = v.fma(w1, e1);
      v = FloatVector.broadcast(FLOATS, x[xo + 5 * xStride + k]);
      f0 = v.fma(w0, f0);
      f1 = v.fma(w1, f1);
    }
    a0 = a0.add(FloatVector.fromArray(FLOATS, start, so));
    a1 = a1.add(FloatVector.fromArray(FLOATS, start, so + LANES));
    b0 = b0.add(FloatVector.fromArray(FLOATS, start, so + sStride));
    b1 = b1.add(FloatVector.fromArray(FLOATS, start, so + sStride + LANES));
    c0 = c0.add(FloatVector.fromArray(FLOATS, start, so + 2 * sStride));
    c1 = c1.add(FloatVector.fromArray(FLOATS, start, so + 2 * sStride + LANES));
    d0 = d0.add(FloatVector.fromArray(FLOATS, start, so + 3 * sStride));
    d1 = d1.add(FloatVector.fromArray(FLOATS, start, so + 3 * sStride + LANES));
    e0 = e0.add(FloatVector.fromArray(FLOATS, start, so + 4 * sStride));
    e1 = e1.add(FloatVector.fromArray(FLOATS, start, so + 4 * sStride + LANES));
    f0 = f0.add(FloatVector.fromArray(FLOATS, start, so + 5 * sStride));
    f1 = f1.add(FloatVector.fromArray(FLOATS, start, so + 5 * sStride + LANES));
    if (columns >= PANEL) {
      a0.intoArray(y, yo);
      a1.intoArray(y, yo + LANES);
      b0.intoArray(y, yo + yStride);
      b1.intoArray(y, yo + yStride + LANES);
      c0.intoArray(y, yo + 2 * yStride);
      c1.intoArray(y, yo + 2 * yStride + LANES);
      d0.intoArray(y, yo + 3 * yStride);
      d1.intoArray(y, yo + 3 * yStride + LANES);
      e0.intoArray(y, yo + 4 * yStride);
      e1.intoArray(y, yo + 4 * yStride + LANES);
      f0.intoArray(y, yo + 5 * yStride);
      f1.intoArray(y, yo + 5 * yStride + LANES);
    } else {
      VectorMask<Float> m0 = FLOATS.indexInRange(0, columns);
      VectorMask<Float> m1 = FLOATS.indexInRange(LANES, columns);
      a0.intoArray(y, yo, m0);
      a1.intoArray(y, yo + LANES, m1);
      b0.intoArray(y, yo + yStride, m0);
      b1.intoArray(y, yo + yStride + LANES, m1);
      c0.intoArray(y, yo + 2 * yStride, m0);
      c1.intoArray(y, yo + 2 * yStride + LANES, m1);
      d0.intoArray(y, yo + 3 * yStride, m0);
      d1.intoArray(y, yo + 3 * yStride + LANES, m1);
      e0.intoArray(y, yo + 4 * yStride, m0);
      e1.intoArray(y, yo + 4 * yStride + LANES, m1);
      f0.intoArray(y, yo + 5 * yStride, m0);
      f1.intoArray(y, yo + 5 * yStride + LANES, m1);
    }
  }

  /** Four rows, for what six leave over. */
  private static void rows4(
      float[] x,
      int xo,
      int xStride,
      float[] panels,
      int po,
      int inner,
      float[] start,
      int so,
      int sStride,
      float[] y,
      int yo,
      int yStride,
      int columns) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    for (int k = 0; k < inner; k++, po += PANEL) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, panels, po);
      FloatVector w1 = FloatVector.fromArray(FLOATS, panels, po + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, x[xo + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(FLOATS, x[xo + xStride + k]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(FLOATS, x[xo + 2 * xStride + k]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(FLOATS, x[xo + 3 * xStride + k]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
    }
    a0 = a0.add(FloatVector.fromArray(FLOATS, start, so));
    a1 = a1.add(FloatVector.fromArray(FLOATS, start, so + LANES));
    b0 = b0.add(FloatVector.fromArray(FLOATS, start, so + sStride));
    b1 = b1.add(FloatVector.fromArray(FLOATS, start, so + sStride + LANES));
    c0 = c0.add(FloatVector.fromArray(FLOATS, start, so + 2 * sStride));
    c1 = c1.add(FloatVector.fromArray(FLOATS, start, so + 2 * sStride + LANES));
    d0 = d0.add(FloatVector.fromArray(FLOATS, start, so + 3 * sStride));
    d1 = d1.add(FloatVector.fromArray(FLOATS, start, so + 3 * sStride + LANES));
    if (columns >= PANEL) {
      a0.intoArray(y, yo);
      a1.intoArray(y, yo + LANES);
      b0.intoArray(y, yo + yStride);
      b1.intoArray(y, yo + yStride + LANES);
      c0.intoArray(y, yo + 2 * yStride);
      c1.intoArray(y, yo + 2 * yStride + LANES);
      d0.intoArray(y, yo + 3 * yStride);
      d1.intoArray(y, yo + 3 * yStride + LANES);
    } else {
      VectorMask<Float> m0 = FLOATS.indexInRange(0, columns);
      VectorMask<Float> m1 = FLOATS.indexInRange(LANES, columns);
      a0.intoArray(y, yo, m0);
      a1.intoArray(y, yo + LANES, m1);
      b0.intoArray(y, yo + yStride, m0);
      b1.intoArray(y, yo + yStride + LANES, m1);
      c0.intoArray(y, yo + 2 * yStride, m0);
      c1.intoArray(y, yo + 2 * yStride + LANES, m1);
      d0.intoArray(y, yo + 3 * yStride, m0);
      d1.intoArray(y, yo + 3 * yStride + LANES, m1);
    }
  }

  /** Two rows, for what four leave over. */
  private static void rows2(
      float[] x,
      int xo,
      int xStride,
      float[] panels,
      int po,
      int inner,
      float[] start,
      int so,
      int sStride,
      float[] y,
      int yo,
      int yStride,
      int columns) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    for (int k = 0; k < inner; k++, po += PANEL) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, panels, po);
      FloatVector w1 = FloatVector.fromArray(FLOATS, panels, po + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, x[xo + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(FLOATS, x[xo + xStride + k]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
    }
    a0 = a0.add(FloatVector.fromArray(FLOATS, start, so));
    a1 = a1.add(FloatVector.fromArray(FLOATS, start, so + LANES));
    b0 = b0.add(FloatVector.fromArray(FLOATS, start, so + sStride));
    b1 = b1.add(FloatVector.fromArray(FLOATS, start, so + sStride + LANES));
    if (columns >= PANEL) {
      a0.intoArray(y, yo);
      a1.intoArray(y, yo + LANES);
      b0.intoArray(y, yo + yStride);
      b1.intoArray(y, yo + yStride + LANES);
    } else {
      VectorMask<Float> m0 = FLOATS.indexInRange(0, columns);
      VectorMask<Float> m1 = FLOATS.indexInRange(LANES, columns);
      a0.intoArray(y, yo, m0);
      a1.intoArray(y, yo + LANES, m1);
      b0.intoArray(y, yo + yStride, m0);
      b1.intoArray(y, yo + yStride + LANES, m1);
    }
  }

  /** One row. */
  private static void rows1(
      float[] x,
      int xo,
      float[] panels,
      int po,
      int inner,
      float[] start,
      int so,
      float[] y,
      int yo,
      int columns) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    for (int k = 0; k < inner; k++, po += PANEL) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, panels, po);
      FloatVector w1 = FloatVector.fromArray(FLOATS, panels, po + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, x[xo + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
    }
    a0 = a0.add(FloatVector.fromArray(FLOATS, start, so));
    a1 = a1.add(FloatVector.fromArray(FLOATS, start, so + LANES));
    if (columns >= PANEL) {
      a0.intoArray(y, yo);
      a1.intoArray(y, yo + LANES);
    } else {
      VectorMask<Float> m0 = FLOATS.indexInRange(0, columns);
      VectorMask<Float> m1 = FLOATS.indexInRange(LANES, columns);
      a0.intoArray(y, yo, m0);
      a1.intoArray(y, yo + LANES, m1);
    }
  }
}
