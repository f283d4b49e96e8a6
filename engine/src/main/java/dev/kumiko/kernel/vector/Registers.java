package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.FLOATS;

/** How many vector registers the CPU has. */
final class Registers {
  /**
   * 32 with AVX-512 and on ARM, otherwise 16. Where AVX-512 is there but not used at its width, 16
   * is as good: the lower tile is as fast.
   */
  static final int COUNT = Integer.getInteger("kumiko.registers", count());

  private Registers() {}

  private static int count() {
    boolean arm = System.getProperty("os.arch", "").equals("aarch64");
    return arm || FLOATS.vectorBitSize() == 512 ? 32 : 16;
  }
}
