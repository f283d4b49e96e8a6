package dev.kumiko.kernel.machine;

import java.util.Optional;

/**
 * What the processor can do and the operating system lets it do, from cpuid and xgetbv (Intel's
 * manual, volume 1, chapters 14.3 and 15.2).
 *
 * @param leaf1 {@code [4]}: EAX, EBX, ECX, EDX of leaf 1
 * @param leaf7 of leaf 7, subleaf 0
 * @param leaf7more of leaf 7, subleaf 1
 * @param xcr0 which registers the system saves; 0 if it must not be asked
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record CpuFeatures(int[] leaf1, int[] leaf7, int[] leaf7more, int xcr0) {
  private static final int EAX = 0;
  private static final int EBX = 1;
  private static final int ECX = 2;

  private static final int YMM = 0b110;
  private static final int ZMM = 0b1110_0110;

  /** Asks something of the processor. */
  interface Query {
    int[] answer(int leaf, int subleaf);
  }

  /**
   * Asks the processor.
   *
   * @param xcr0 asked only where the instruction is there
   */
  static CpuFeatures of(Query cpuid, java.util.function.IntSupplier xcr0) {
    int[] none = new int[4];
    int last = cpuid.answer(0, 0)[EAX];
    int[] leaf1 = cpuid.answer(1, 0);
    int[] leaf7 = last >= 7 ? cpuid.answer(7, 0) : none;
    int[] more = last >= 7 && leaf7[EAX] >= 1 ? cpuid.answer(7, 1) : none;
    return new CpuFeatures(leaf1, leaf7, more, has(leaf1[ECX], 27) ? xcr0.getAsInt() : 0);
  }

  private static boolean has(int register, int bit) {
    return (register >> bit & 1) != 0;
  }

  /** Returns whether the kernels of a level run. */
  boolean has(Level level) {
    return missing(level).isEmpty();
  }

  /** Returns what is missing for a level. */
  Optional<String> missing(Level level) {
    boolean avx2 = has(leaf1[ECX], 28) && has(leaf1[ECX], 12) && has(leaf7[EBX], 5);
    boolean wide = has(leaf7[EBX], 16) && has(leaf7[EBX], 30);
    boolean has =
        switch (level) {
          case AVX2 -> avx2;
          case AVX_VNNI -> avx2 && has(leaf7more[EAX], 4);
          case AVX512_VNNI -> avx2 && wide && has(leaf7[ECX], 11);
        };
    int registers = level == Level.AVX512_VNNI ? ZMM : YMM;
    if (!has) {
      return Optional.of("this CPU has no " + level);
    }
    return (xcr0 & registers) == registers
        ? Optional.empty()
        : Optional.of("the system does not save the registers of " + level);
  }
}
