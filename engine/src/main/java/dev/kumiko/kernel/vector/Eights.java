package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;

/** Lays eight rows side by side, {@code [inner][8]}, by exchanging lanes of vectors. */
final class Eights {
  /** With shorter vectors moving one value after the other is as fast. */
  static final boolean USED = FLOATS.vectorBitSize() == 512;

  static final int ROWS = 8;

  /** Lanes of two vectors in turn: the lower half of each, and the upper half. */
  private static final FloatVector LOW = USED ? turns(0) : null;

  private static final FloatVector HIGH = USED ? turns(LANES / 2) : null;

  private Eights() {}

  private static FloatVector turns(int from) {
    float[] lanes = new float[LANES];
    for (int i = 0; i < LANES; i++) {
      lanes[i] = from + i / 2 + i % 2 * LANES;
    }
    return FloatVector.fromArray(FLOATS, lanes, 0);
  }

  /**
   * Lays eight rows of {@code inner} values, {@code stride} apart from {@code from} on, in three
   * rounds of taking turns: of rows four apart, two apart and neighbours.
   */
  static void lay(float[] x, int from, int stride, int inner, float[] eights, int to) {
    int whole = FLOATS.loopBound(inner);
    FloatVector low = LOW;
    FloatVector high = HIGH;
    for (int k = 0; k < whole; k += LANES) {
      int i = from + k;
      FloatVector r0 = FloatVector.fromArray(FLOATS, x, i);
      FloatVector r1 = FloatVector.fromArray(FLOATS, x, i + stride);
      FloatVector r2 = FloatVector.fromArray(FLOATS, x, i + 2 * stride);
      FloatVector r3 = FloatVector.fromArray(FLOATS, x, i + 3 * stride);
      FloatVector r4 = FloatVector.fromArray(FLOATS, x, i + 4 * stride);
      FloatVector r5 = FloatVector.fromArray(FLOATS, x, i + 5 * stride);
      FloatVector r6 = FloatVector.fromArray(FLOATS, x, i + 6 * stride);
      FloatVector r7 = FloatVector.fromArray(FLOATS, x, i + 7 * stride);
      FloatVector a0 = low.selectFrom(r0, r4);
      FloatVector a1 = high.selectFrom(r0, r4);
      FloatVector b0 = low.selectFrom(r1, r5);
      FloatVector b1 = high.selectFrom(r1, r5);
      FloatVector c0 = low.selectFrom(r2, r6);
      FloatVector c1 = high.selectFrom(r2, r6);
      FloatVector d0 = low.selectFrom(r3, r7);
      FloatVector d1 = high.selectFrom(r3, r7);
      FloatVector e0 = low.selectFrom(a0, c0);
      FloatVector e1 = high.selectFrom(a0, c0);
      FloatVector e2 = low.selectFrom(a1, c1);
      FloatVector e3 = high.selectFrom(a1, c1);
      FloatVector f0 = low.selectFrom(b0, d0);
      FloatVector f1 = high.selectFrom(b0, d0);
      FloatVector f2 = low.selectFrom(b1, d1);
      FloatVector f3 = high.selectFrom(b1, d1);
      int o = to + k * ROWS;
      low.selectFrom(e0, f0).intoArray(eights, o);
      high.selectFrom(e0, f0).intoArray(eights, o + LANES);
      low.selectFrom(e1, f1).intoArray(eights, o + 2 * LANES);
      high.selectFrom(e1, f1).intoArray(eights, o + 3 * LANES);
      low.selectFrom(e2, f2).intoArray(eights, o + 4 * LANES);
      high.selectFrom(e2, f2).intoArray(eights, o + 5 * LANES);
      low.selectFrom(e3, f3).intoArray(eights, o + 6 * LANES);
      high.selectFrom(e3, f3).intoArray(eights, o + 7 * LANES);
    }
    for (int k = whole; k < inner; k++) {
      for (int r = 0; r < ROWS; r++) {
        eights[to + k * ROWS + r] = x[from + r * stride + k];
      }
    }
  }
}
