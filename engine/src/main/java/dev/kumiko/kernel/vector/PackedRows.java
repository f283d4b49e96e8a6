package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;

import dev.kumiko.kernel.Approximation;
import dev.kumiko.kernel.Int8Input;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Quantises rows and lays those of a tile side by side. */
final class PackedRows {
  /** Added to a float, leaves the rounded value in the lowest bits, as two's complement. */
  private static final float ROUND = Approximation.ROUND;

  private static final int LOW_HALF = 0xFFFF;

  private PackedRows() {}

  /**
   * Packs rows.
   *
   * @param x {@code [rows][inputs]} from {@code from}
   * @param packed gets {@code [rows / 4][inputs][4]}, each value in both halves of an int; what is
   *     left of the last four stays as it was
   * @param scales {@code [rows]}, overwritten
   * @param row memory for one row
   */
  static void pack(
      Int8Input input, float[] x, int from, int rows, int[] packed, float[] scales, int[] row) {
    int inputs = input.size();
    for (int r = 0; r < rows; r++) {
      scales[r] = quantize(input, x, from + r * inputs, row);
      int lane = r % IntegerTile.ROWS;
      int to = (r - lane) * inputs + lane;
      for (int i = 0; i < inputs; i++) {
        packed[to + i * IntegerTile.ROWS] = row[i];
      }
    }
  }

  private static float quantize(Int8Input input, float[] x, int from, int[] row) {
    float[] factors = input.factors();
    int inputs = factors.length;
    int whole = FLOATS.loopBound(inputs);
    FloatVector top = FloatVector.broadcast(FLOATS, Int8Input.SMALLEST);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
      top = top.max(v.mul(FloatVector.fromArray(FLOATS, factors, i)).abs());
    }
    float largest = top.reduceLanes(VectorOperators.MAX);
    for (int i = whole; i < inputs; i++) {
      largest = Math.max(largest, Math.abs(x[from + i] * factors[i]));
    }
    float inverse = input.limit() / largest;
    FloatVector inverses = FloatVector.broadcast(FLOATS, inverse);
    FloatVector round = FloatVector.broadcast(FLOATS, ROUND);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
      IntVector bits =
          v.mul(FloatVector.fromArray(FLOATS, factors, i)).fma(inverses, round).reinterpretAsInts();
      bits.and(LOW_HALF).or(bits.lanewise(VectorOperators.LSHL, 16)).intoArray(row, i);
    }
    for (int i = whole; i < inputs; i++) {
      int bits = Float.floatToRawIntBits(Math.fma(x[from + i] * factors[i], inverse, ROUND));
      row[i] = (bits & LOW_HALF) | (bits << 16);
    }
    return largest / input.limit();
  }
}
