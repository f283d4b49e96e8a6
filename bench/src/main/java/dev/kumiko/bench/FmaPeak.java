package dev.kumiko.bench;

import java.util.function.DoubleSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * As many multiply-adds as the CPU can do: twelve independent chains in registers, no memory. The
 * wider vectors are not faster on every CPU, so both widths are tried.
 */
final class FmaPeak {
  private static final VectorSpecies<Float> WIDEST = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> HALF = FloatVector.SPECIES_256;
  private static final int STEPS = 100_000;
  private static final int CHAINS = 12;
  private static final float FACTOR = 0.999f;

  /** Somewhat above where {@code x = FACTOR * x + FACTOR} ends. */
  private static final double LIMIT = 1000;

  private FmaPeak() {}

  /** Returns floating-point operations a second, the better width's. */
  static double rate() {
    return Math.max(
        rate(FmaPeak::widest, WIDEST.length()),
        WIDEST.length() > HALF.length() ? rate(FmaPeak::half, HALF.length()) : 0);
  }

  private static double rate(DoubleSupplier chains, int lanes) {
    long start = System.nanoTime();
    double result = chains.getAsDouble();
    long nanos = System.nanoTime() - start;
    // The chains grow towards a limit; the JIT must not drop them as unused.
    if (!(result < CHAINS * lanes * LIMIT)) {
      throw new IllegalStateException("multiply-adds give " + result);
    }
    return 2e9 * CHAINS * lanes * STEPS / nanos;
  }

  private static double widest() {
    FloatVector m = FloatVector.broadcast(WIDEST, FACTOR);
    FloatVector a0 = FloatVector.broadcast(WIDEST, 0);
    FloatVector a1 = FloatVector.broadcast(WIDEST, 1);
    FloatVector a2 = FloatVector.broadcast(WIDEST, 2);
    FloatVector a3 = FloatVector.broadcast(WIDEST, 3);
    FloatVector a4 = FloatVector.broadcast(WIDEST, 4);
    FloatVector a5 = FloatVector.broadcast(WIDEST, 5);
    FloatVector a6 = FloatVector.broadcast(WIDEST, 6);
    FloatVector a7 = FloatVector.broadcast(WIDEST, 7);
    FloatVector a8 = FloatVector.broadcast(WIDEST, 8);
    FloatVector a9 = FloatVector.broadcast(WIDEST, 9);
    FloatVector a10 = FloatVector.broadcast(WIDEST, 10);
    FloatVector a11 = FloatVector.broadcast(WIDEST, 11);
    for (int i = 0; i < STEPS; i++) {
      a0 = a0.fma(m, m);
      a1 = a1.fma(m, m);
      a2 = a2.fma(m, m);
      a3 = a3.fma(m, m);
      a4 = a4.fma(m, m);
      a5 = a5.fma(m, m);
      a6 = a6.fma(m, m);
      a7 = a7.fma(m, m);
      a8 = a8.fma(m, m);
      a9 = a9.fma(m, m);
      a10 = a10.fma(m, m);
      a11 = a11.fma(m, m);
    }
    FloatVector all =
        a0.add(a1)
            .add(a2)
            .add(a3)
            .add(a4)
            .add(a5)
            .add(a6)
            .add(a7)
            .add(a8)
            .add(a9)
            .add(a10)
            .add(a11);
    return all.reduceLanes(VectorOperators.ADD);
  }

  private static double half() {
    FloatVector m = FloatVector.broadcast(HALF, FACTOR);
    FloatVector a0 = FloatVector.broadcast(HALF, 0);
    FloatVector a1 = FloatVector.broadcast(HALF, 1);
    FloatVector a2 = FloatVector.broadcast(HALF, 2);
    FloatVector a3 = FloatVector.broadcast(HALF, 3);
    FloatVector a4 = FloatVector.broadcast(HALF, 4);
    FloatVector a5 = FloatVector.broadcast(HALF, 5);
    FloatVector a6 = FloatVector.broadcast(HALF, 6);
    FloatVector a7 = FloatVector.broadcast(HALF, 7);
    FloatVector a8 = FloatVector.broadcast(HALF, 8);
    FloatVector a9 = FloatVector.broadcast(HALF, 9);
    FloatVector a10 = FloatVector.broadcast(HALF, 10);
    FloatVector a11 = FloatVector.broadcast(HALF, 11);
    for (int i = 0; i < STEPS; i++) {
      a0 = a0.fma(m, m);
      a1 = a1.fma(m, m);
      a2 = a2.fma(m, m);
      a3 = a3.fma(m, m);
      a4 = a4.fma(m, m);
      a5 = a5.fma(m, m);
      a6 = a6.fma(m, m);
      a7 = a7.fma(m, m);
      a8 = a8.fma(m, m);
      a9 = a9.fma(m, m);
      a10 = a10.fma(m, m);
      a11 = a11.fma(m, m);
    }
    FloatVector all =
        a0.add(a1)
            .add(a2)
            .add(a3)
            .add(a4)
            .add(a5)
            .add(a6)
            .add(a7)
            .add(a8)
            .add(a9)
            .add(a10)
            .add(a11);
    return all.reduceLanes(VectorOperators.ADD);
  }
}
