package dev.kumiko.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Compares with references in double precision. */
public final class Gradients {
  /** Of a tensor's largest component: what the references are to be met by. */
  public static final double TOLERANCE = 1e-5;

  private Gradients() {}

  /** Asserts that no element is further off than the tolerance of the largest one. */
  public static void assertClose(String what, double[] expected, float[] found) {
    assertClose(what, expected, found, 0);
  }

  /**
   * The same, for a tensor whose components may all be zero but for rounding.
   *
   * @param scale what stands for the largest component if it is larger
   */
  public static void assertClose(String what, double[] expected, float[] found, double scale) {
    assertEquals(expected.length, found.length, what);
    double bound = TOLERANCE * Math.max(scale, largest(expected));
    for (int i = 0; i < found.length; i++) {
      int index = i;
      assertEquals(
          expected[i], found[i], bound, () -> what + ": element " + index + " of " + found.length);
    }
  }

  /** Returns the largest absolute value. */
  public static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
