package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.INTS;
import static dev.kumiko.kernel.vector.Species.LANES;
import static dev.kumiko.kernel.vector.Species.SHORTS;
import static dev.kumiko.kernel.vector.Species.SHORT_PANEL;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * The integer product of four rows with one panel of weights: two vectors of shorts, eight
 * accumulators, which with their operands fit into 16 registers. The products of a group add up in
 * 16 bits, the groups in 32.
 */
final class IntegerTile {
  /** Rows of one tile. */
  static final int ROWS = 4;

  /** Sums of one tile, {@code [ROWS][SHORT_PANEL]}. */
  static final int SUMS = ROWS * SHORT_PANEL;

  private IntegerTile() {}

  /**
   * Multiplies.
   *
   * @param x {@code [inner][ROWS]} from {@code xo}, each value in both halves of an int
   * @param panel {@code [inner][SHORT_PANEL]}
   * @param groupSize products that add up in 16 bits
   * @param sums {@code [SUMS]}, overwritten; the even lanes of a vector come before the odd ones
   */
  static void multiply(int[] x, int xo, short[] panel, int inner, int groupSize, int[] sums) {
    Arrays.fill(sums, 0, SUMS, 0);
    int po = 0;
    for (int from = 0; from < inner; from += groupSize) {
      ShortVector a0 = ShortVector.zero(SHORTS);
      ShortVector a1 = a0;
      ShortVector b0 = a0;
      ShortVector b1 = a0;
      ShortVector c0 = a0;
      ShortVector c1 = a0;
      ShortVector d0 = a0;
      ShortVector d1 = a0;
      int count = Math.min(groupSize, inner - from);
      for (int k = 0; k < count; k++, po += SHORT_PANEL, xo += ROWS) {
        ShortVector w0 = ShortVector.fromArray(SHORTS, panel, po);
        ShortVector w1 = ShortVector.fromArray(SHORTS, panel, po + 2 * LANES);
        ShortVector v = IntVector.broadcast(INTS, x[xo]).reinterpretAsShorts();
        a0 = a0.add(v.mul(w0));
        a1 = a1.add(v.mul(w1));
        v = IntVector.broadcast(INTS, x[xo + 1]).reinterpretAsShorts();
        b0 = b0.add(v.mul(w0));
        b1 = b1.add(v.mul(w1));
        v = IntVector.broadcast(INTS, x[xo + 2]).reinterpretAsShorts();
        c0 = c0.add(v.mul(w0));
        c1 = c1.add(v.mul(w1));
        v = IntVector.broadcast(INTS, x[xo + 3]).reinterpretAsShorts();
        d0 = d0.add(v.mul(w0));
        d1 = d1.add(v.mul(w1));
      }
      IntVector s = a0.reinterpretAsInts();
      IntVector.fromArray(INTS, sums, 0)
          .add(s.lanewise(LSHL, 16).lanewise(ASHR, 16))
          .intoArray(sums, 0);
      IntVector.fromArray(INTS, sums, LANES).add(s.lanewise(ASHR, 16)).intoArray(sums, LANES);
      s = a1.reinterpretAsInts();
      IntVector.fromArray(INTS, sums, 2 * LANES)
          .add(s.lanewise(LSHL, 16).lanewise(ASHR, 16))
          .intoArray(sums, 2 * LANES);
      IntVector.fromArray(INTS, sums, 3 * LANES)
          .add(s.lanewise(ASHR, 16))
          .intoArray(sums, 3 * LANES);
      s = b0.reinterpretAsInts();
      IntVector.fromArray(INTS, sums, 4 * LANES)
          .add(s.lanewise(LSHL, 16).lanewise(ASHR, 16))
          .intoArray(sums, 4 * LANES);
      IntVector.fromArray(INTS, sums, 5 * LANES)
          .add(s.lanewise(ASHR, 16))
          .intoArray(sums, 5 * LANES);
      s = b1.reinterpretAsInts();
      IntVector.fromArray(INTS, sums, 6 * LANES)
          .add(s.lanewise(LSHL, 16).lanewise(ASHR, 16))
          .intoArray(sums, 6 * LANES);
      IntVector.fromArray(INTS, sums, 7 * LANES)
          .add(s.lanewise(ASHR, 16))
          .intoArray(sums, 7 * LANES);
      s = c0.reinterpretAsInts();
      IntVector.fromArray(INTS, sums, 8 * LANES)
          .add(s.lanewise(LSHL, 16).lanewise(ASHR, 16))
          .intoArray(sums, 8 * LANES);
      IntVector.fromArray(INTS, sums, 9 * LANES)
          .add(s.lanewise(ASHR, 16))
          .intoArray(sums, 9 * LANES);
      s = c1.reinterpretAsInts();
      IntVector.fromArray(INTS, sums, 10 * LANES)
          .add(s.lanewise(LSHL, 16).lanewise(ASHR, 16))
          .intoArray(sums, 10 * LANES);
      IntVector.fromArray(INTS, sums, 11 * LANES)
          .add(s.lanewise(ASHR, 16))
          .intoArray(sums, 11 * LANES);
      s = d0.reinterpretAsInts();
      IntVector.fromArray(INTS, sums, 12 * LANES)
          .add(s.lanewise(LSHL, 16).lanewise(ASHR, 16))
          .intoArray(sums, 12 * LANES);
      IntVector.fromArray(INTS, sums, 13 * LANES)
          .add(s.lanewise(ASHR, 16))
          .intoArray(sums, 13 * LANES);
      s = d1.reinterpretAsInts();
      IntVector.fromArray(INTS, sums, 14 * LANES)
          .add(s.lanewise(LSHL, 16).lanewise(ASHR, 16))
          .intoArray(sums, 14 * LANES);
      IntVector.fromArray(INTS, sums, 15 * LANES)
          .add(s.lanewise(ASHR, 16))
          .intoArray(sums, 15 * LANES);
    }
  }
}
