package dev.kumiko.tools.convert;

/** Floats and the 16 bits of BF16. */
public final class Rounding {
  /** Half of the last place that is kept, less one. */
  private static final int BELOW_HALF = 0x7FFF;

  private Rounding() {}

  /** Returns the nearest BF16, of two the even one; infinite if the number is too large. */
  public static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + BELOW_HALF + ((bits >>> Short.SIZE) & 1)) >> Short.SIZE);
  }

  /** Returns the number of a BF16. */
  public static float fromBf16(short bits) {
    return Float.intBitsToFloat(bits << Short.SIZE);
  }
}
