package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which levels follow from the registers of cpuid and xgetbv. */
class CpuFeaturesTest {
  private static final int OSXSAVE_AVX_FMA = 1 << 27 | 1 << 28 | 1 << 12;
  private static final int AVX2 = 1 << 5;
  private static final int AVX512F_BW = 1 << 16 | 1 << 30;
  private static final int ALL_REGISTERS = 0xE7;

  private static CpuFeatures features(int leaf1, int ebx7, int ecx7, int eax71, int xcr0) {
    return CpuFeatures.of(
        (leaf, subleaf) ->
            switch (leaf) {
              case 0 -> new int[] {7, 0, 0, 0};
              case 1 -> new int[] {0, 0, leaf1, 0};
              default -> subleaf == 0 ? new int[] {1, ebx7, ecx7, 0} : new int[] {eax71, 0, 0, 0};
            },
        () -> xcr0);
  }

  @Test
  void everyLevelNeedsItsBits() {
    CpuFeatures all = features(OSXSAVE_AVX_FMA, AVX2 | AVX512F_BW, 1 << 11, 1 << 4, ALL_REGISTERS);
    for (Level level : Level.values()) {
      assertEquals(Optional.empty(), all.missing(level));
    }
    int[] bits = {27, 28, 12};
    for (int bit : bits) {
      int leaf1 = OSXSAVE_AVX_FMA & ~(1 << bit);
      CpuFeatures less = features(leaf1, AVX2 | AVX512F_BW, 1 << 11, 1 << 4, ALL_REGISTERS);
      for (Level level : Level.values()) {
        assertFalse(less.has(level), level + " without bit " + bit);
      }
    }
    CpuFeatures avx2 = features(OSXSAVE_AVX_FMA, AVX2, 0, 0, ALL_REGISTERS);
    assertTrue(avx2.has(Level.AVX2));
    assertEquals(Optional.of("this CPU has no AVX_VNNI"), avx2.missing(Level.AVX_VNNI));
    assertEquals(Optional.of("this CPU has no AVX512_VNNI"), avx2.missing(Level.AVX512_VNNI));
    CpuFeatures noVnni = features(OSXSAVE_AVX_FMA, AVX2 | AVX512F_BW, 0, 0, ALL_REGISTERS);
    assertFalse(noVnni.has(Level.AVX512_VNNI));
  }

  @Test
  void registersThatTheSystemDoesNotSaveAreNotUsed() {
    CpuFeatures noZmm = features(OSXSAVE_AVX_FMA, AVX2 | AVX512F_BW, 1 << 11, 1 << 4, 7);
    assertEquals(
        Optional.of("the system does not save the registers of AVX512_VNNI"),
        noZmm.missing(Level.AVX512_VNNI));
    assertTrue(noZmm.has(Level.AVX_VNNI));
    CpuFeatures noYmm = features(OSXSAVE_AVX_FMA, AVX2, 0, 0, 3);
    assertEquals(
        Optional.of("the system does not save the registers of AVX2"), noYmm.missing(Level.AVX2));
  }

  @Test
  void leavesThatAreNotThereAreNotAskedFor() {
    CpuFeatures old =
        CpuFeatures.of(
            (leaf, subleaf) -> {
              assertTrue(leaf < 2, "leaf " + leaf);
              return new int[4];
            },
            () -> {
              throw new AssertionError("xgetbv is not there");
            });
    assertFalse(old.has(Level.AVX2));
  }
}
