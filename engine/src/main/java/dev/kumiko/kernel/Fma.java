package dev.kumiko.kernel;

/**
 * {@code a * b + c} with one rounding, everywhere the same bits. Java computes it with thousands of
 * instructions where the CPU has none for it: before Haswell, on some of Intel's small ones, on the
 * virtual ones that a QEMU gives by default, and with {@code -XX:UseAVX=0}. There it is put
 * together from double precision.
 */
public final class Fma {
  /** The longest that a call may take; Java's own takes ten times as long, the CPU's a tenth. */
  private static final long SLOW_NANOS = 1_000;

  private static final int TRIES = 20;

  /** Bits of a double that a float has no place for, and what a tie of two floats has there. */
  private static final long BELOW_FLOAT = (1L << 29) - 1;

  private static final long TIE = 1L << 28;

  /** Constant, so that compiled code has one branch only. */
  private static final boolean IN_HARDWARE = inHardware();

  private Fma() {}

  /** Returns whether this JVM has an instruction for it. */
  static boolean isInHardware() {
    return IN_HARDWARE;
  }

  /** Returns {@code a * b + c}, rounded once. */
  public static float fma(float a, float b, float c) {
    return IN_HARDWARE ? Math.fma(a, b, c) : emulated(a, b, c);
  }

  /**
   * Adds in double precision, in which the product is exact. Rounding that sum to a float is wrong
   * only if it looks like a tie of two floats; those of subnormal ones have other bits, and go the
   * long way, too.
   */
  static float emulated(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    boolean isTie = (Double.doubleToRawLongBits(sum) & BELOW_FLOAT) == TIE;
    return !isTie && Math.abs(sum) >= Float.MIN_NORMAL
        ? (float) sum
        : (float) roundedToOdd(sum, product, c);
  }

  /**
   * Returns a sum with a last bit that is one if anything was lost, so that it is no tie (Boldo and
   * Melquiond, Emulation of a FMA and correctly rounded sums, IEEE Transactions on Computers 57,
   * 2008).
   */
  private static double roundedToOdd(double sum, double product, double c) {
    // What was lost (Knuth's two-sum), not a number if the sum is not finite.
    double shared = sum - product;
    double lost = (product - (sum - shared)) + (c - shared);
    long bits = Double.doubleToRawLongBits(sum);
    if ((bits & 1) == 0 && (lost < 0 || lost > 0)) {
      return Double.longBitsToDouble((lost > 0) == (sum > 0) ? bits + 1 : bits - 1);
    }
    return sum;
  }

  /** Numbers as far apart as these are sums of three hundred digits, if it is done with digits. */
  private static boolean inHardware() {
    float small = Float.MIN_NORMAL;
    float sum = Float.MAX_VALUE;
    long best = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long start = System.nanoTime();
      sum = Math.fma(small, small, sum);
      best = Math.min(best, System.nanoTime() - start);
    }
    return best < SLOW_NANOS && sum == Float.MAX_VALUE;
  }
}
