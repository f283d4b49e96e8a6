package dev.kumiko.kernel;

/** How a weight of 16 bits spells a number. Every finite one is a float as well. */
public enum HalfType {
  /** Brain floating point: the upper half of a float. */
  BF16,

  /** IEEE 754 binary16: an exponent of 5 bits, and 10 of the number. */
  F16;

  /** Bits by which a float's exponent is longer: an F16 at its top moves down by so many. */
  public static final int F16_SHIFT = 3;

  /** The sign, exponent and number of an F16 that has moved down; not the copies of its sign. */
  public static final int F16_MASK = 0x8FFFE000;

  /**
   * Two to the difference of the exponents' biases: what such bits are as a float is too small by
   * it. The product is exact, that of a subnormal number too.
   */
  public static final float F16_FACTOR = 0x1p112f;

  /** Returns the number; with F16 of a finite one alone. */
  public float widen(short bits) {
    return this == BF16 ? bf16(bits) : f16(bits);
  }

  /** Widens the numbers from {@code first} to {@code end}, to the same places. */
  void widen(short[] bits, int first, int end, float[] values) {
    if (this == BF16) {
      for (int i = first; i < end; i++) {
        values[i] = bf16(bits[i]);
      }
    } else {
      for (int i = first; i < end; i++) {
        values[i] = f16(bits[i]);
      }
    }
  }

  private static float bf16(short bits) {
    return Float.intBitsToFloat(bits << Short.SIZE);
  }

  private static float f16(short bits) {
    return Float.intBitsToFloat((bits << Short.SIZE >> F16_SHIFT) & F16_MASK) * F16_FACTOR;
  }
}
