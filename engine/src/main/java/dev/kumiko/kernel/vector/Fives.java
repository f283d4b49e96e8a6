package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Lays five rows side by side, {@code [inner][5]}. The k-th value of row r belongs at {@code 5 k +
 * r}, in lane {@code (5 k + r) % LANES} of one of five vectors. Five and the number of lanes have
 * no common divisor: so no two values of a row need the same lane, and after one change of places
 * in each row, the five vectors are chosen lane by lane.
 */
final class Fives {
  static final int ROWS = 5;

  /** Of shorter rows, moving one value after the other is as fast. */
  static final int WORTHWHILE = 64;

  private static final VectorShuffle<Float> P0 = places(0);
  private static final VectorShuffle<Float> P1 = places(1);
  private static final VectorShuffle<Float> P2 = places(2);
  private static final VectorShuffle<Float> P3 = places(3);
  private static final VectorShuffle<Float> P4 = places(4);

  private static final VectorMask<Float> V0R1 = lanes(0, 1);
  private static final VectorMask<Float> V0R2 = lanes(0, 2);
  private static final VectorMask<Float> V0R3 = lanes(0, 3);
  private static final VectorMask<Float> V0R4 = lanes(0, 4);
  private static final VectorMask<Float> V1R1 = lanes(1, 1);
  private static final VectorMask<Float> V1R2 = lanes(1, 2);
  private static final VectorMask<Float> V1R3 = lanes(1, 3);
  private static final VectorMask<Float> V1R4 = lanes(1, 4);
  private static final VectorMask<Float> V2R1 = lanes(2, 1);
  private static final VectorMask<Float> V2R2 = lanes(2, 2);
  private static final VectorMask<Float> V2R3 = lanes(2, 3);
  private static final VectorMask<Float> V2R4 = lanes(2, 4);
  private static final VectorMask<Float> V3R1 = lanes(3, 1);
  private static final VectorMask<Float> V3R2 = lanes(3, 2);
  private static final VectorMask<Float> V3R3 = lanes(3, 3);
  private static final VectorMask<Float> V3R4 = lanes(3, 4);
  private static final VectorMask<Float> V4R1 = lanes(4, 1);
  private static final VectorMask<Float> V4R2 = lanes(4, 2);
  private static final VectorMask<Float> V4R3 = lanes(4, 3);
  private static final VectorMask<Float> V4R4 = lanes(4, 4);

  private Fives() {}

  /** Returns which value of a row comes into each lane. */
  private static VectorShuffle<Float> places(int row) {
    int[] values = new int[LANES];
    for (int k = 0; k < LANES; k++) {
      values[(ROWS * k + row) % LANES] = k;
    }
    return VectorShuffle.fromArray(FLOATS, values, 0);
  }

  /** Returns the lanes of a vector that belong to a row. */
  private static VectorMask<Float> lanes(int vector, int row) {
    boolean[] belong = new boolean[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      belong[lane] = (vector * LANES + lane) % ROWS == row;
    }
    return VectorMask.fromArray(FLOATS, belong, 0);
  }

  /** Lays five rows of {@code inner} values, {@code stride} apart from {@code from} on. */
  static void lay(float[] x, int from, int stride, int inner, float[] fives, int to) {
    int whole = FLOATS.loopBound(inner);
    for (int k = 0; k < whole; k += LANES) {
      int i = from + k;
      FloatVector r0 = FloatVector.fromArray(FLOATS, x, i).rearrange(P0);
      FloatVector r1 = FloatVector.fromArray(FLOATS, x, i + stride).rearrange(P1);
      FloatVector r2 = FloatVector.fromArray(FLOATS, x, i + 2 * stride).rearrange(P2);
      FloatVector r3 = FloatVector.fromArray(FLOATS, x, i + 3 * stride).rearrange(P3);
      FloatVector r4 = FloatVector.fromArray(FLOATS, x, i + 4 * stride).rearrange(P4);
      int o = to + k * ROWS;
      r0.blend(r1, V0R1).blend(r2, V0R2).blend(r3, V0R3).blend(r4, V0R4).intoArray(fives, o);
      o += LANES;
      r0.blend(r1, V1R1).blend(r2, V1R2).blend(r3, V1R3).blend(r4, V1R4).intoArray(fives, o);
      o += LANES;
      r0.blend(r1, V2R1).blend(r2, V2R2).blend(r3, V2R3).blend(r4, V2R4).intoArray(fives, o);
      o += LANES;
      r0.blend(r1, V3R1).blend(r2, V3R2).blend(r3, V3R3).blend(r4, V3R4).intoArray(fives, o);
      o += LANES;
      r0.blend(r1, V4R1).blend(r2, V4R2).blend(r3, V4R3).blend(r4, V4R4).intoArray(fives, o);
    }
    for (int k = whole; k < inner; k++) {
      for (int r = 0; r < ROWS; r++) {
        fives[to + k * ROWS + r] = x[from + r * stride + k];
      }
    }
  }
}
