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
 * apart; the panel {@code [inner][PANEL]} begins at {@code po}; {@code bias} holds PANEL values
 * from {@code bo}; rows of {@code y} begin at {@code yo}, lie {@code yStride} apart and get {@code
 * columns} values.
 *
 * <p>Vectors never cross a method call: a helper that C2 does not inline would box them.
 */
final class Tiles {
  private Tiles() {}

  /** Multiplies any number of rows with one panel, in tiles of six rows and smaller ones. */
  static void multiply(
      float[] x,
      int xo,
      int xStride,
      int rows,
      float[] panels,
      int po,
      int inner,
      float[] bias,
      int bo,
      float[] y,
      int yo,
      int yStride,
      int columns) {
    int row = 0;
    for (; row + 6 <= rows; row += 6) {
      rows6(x, xo, xStride, panels, po, inner, bias, bo, y, yo, yStride, columns);
      xo += 6 * xStride;
      yo += 6 * yStride;
    }
    if (row + 4 <= rows) {
      rows4(x, xo, xStride, panels, po, inner, bias, bo, y, yo, yStride, columns);
      row += 4;
      xo += 4 * xStride;
      yo += 4 * yStride;
    }
    if (row + 2 <= rows) {
      rows2(x, xo, xStride, panels, po, inner, bias, bo, y, yo, yStride, columns);
      row += 2;
      xo += 2 * xStride;
      yo += 2 * yStride;
    }
    if (row < rows) {
      rows1(x, xo, panels, po, inner, bias, bo, y, yo, columns);
    }
  }

  /** Six rows: twelve accumulators, the most that fit beside the operands in 16 registers. */
  private static void rows6(
      float[] x,
      int xo,
      int xStride,
      float[] panels,
      int po,
      int inner,
      float[] bias,
      int bo,
      float[] y,
      int yo,
      int yStride,
      int columns) {
    FloatVector a0 = FloatVector.fromArray(FLOATS, bias, bo);
    FloatVector a1 = FloatVector.fromArray(FLOATS, bias, bo + LANES);
    FloatVector b0 = a0;
    FloatVector b1 = a1;
    FloatVector c0 = a0;
    FloatVector c1 = a1;
    FloatVector d0 = a0;
    FloatVector d1 = a1;
    FloatVector e0 = a0;
    FloatVector e1 = a1;
    FloatVector f0 = a0;
    FloatVector f1 = a1;
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
      float[] bias,
      int bo,
      float[] y,
      int yo,
      int yStride,
      int columns) {
    FloatVector a0 = FloatVector.fromArray(FLOATS, bias, bo);
    FloatVector a1 = FloatVector.fromArray(FLOATS, bias, bo + LANES);
    FloatVector b0 = a0;
    FloatVector b1 = a1;
    FloatVector c0 = a0;
    FloatVector c1 = a1;
    FloatVector d0 = a0;
    FloatVector d1 = a1;
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
      float[] bias,
      int bo,
      float[] y,
      int yo,
      int yStride,
      int columns) {
    FloatVector a0 = FloatVector.fromArray(FLOATS, bias, bo);
    FloatVector a1 = FloatVector.fromArray(FLOATS, bias, bo + LANES);
    FloatVector b0 = a0;
    FloatVector b1 = a1;
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
      float[] bias,
      int bo,
      float[] y,
      int yo,
      int columns) {
    FloatVector a0 = FloatVector.fromArray(FLOATS, bias, bo);
    FloatVector a1 = FloatVector.fromArray(FLOATS, bias, bo + LANES);
    for (int k = 0; k < inner; k++, po += PANEL) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, panels, po);
      FloatVector w1 = FloatVector.fromArray(FLOATS, panels, po + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, x[xo + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
    }
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
