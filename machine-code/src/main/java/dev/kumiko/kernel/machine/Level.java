package dev.kumiko.kernel.machine;

import java.util.List;
import java.util.Locale;

/** Sets of instructions that there are kernels for, the best first. */
@SuppressWarnings("ImmutableEnumChecker") // These lists are.
enum Level {
  /** Products of bytes added in fours, 512 bits, 32 registers. */
  AVX512_VNNI(
      512, 6, 4, 255, List.of(4), List.of("avx2", "fma", "avx512f", "avx512bw", "avx512_vnni")),

  /** The same with 256 bits and 16 registers. */
  AVX_VNNI(256, 6, 2, 255, List.of(4), List.of("avx2", "fma", "avx_vnni")),

  /** Products of bytes added in twos and in 16 bits. */
  AVX2(256, 4, 2, 127, List.of(16, 8, 4, 2), List.of("avx2", "fma"));

  private final int bits;
  private final int rows;
  private final int vectors;
  private final int top;
  private final List<Integer> groups;
  private final List<String> flags;

  Level(int bits, int rows, int vectors, int top, List<Integer> groups, List<String> flags) {
    this.bits = bits;
    this.rows = rows;
    this.vectors = vectors;
    this.top = top;
    this.groups = groups;
    this.flags = flags;
  }

  int bits() {
    return bits;
  }

  /** Returns the rows of a tile. */
  int rows() {
    return rows;
  }

  /** Returns the vectors of a row of a tile. */
  int vectors() {
    return vectors;
  }

  /** Returns the columns of a tile, which are those of a panel of weights. */
  int columns() {
    return vectors * bits / Integer.SIZE;
  }

  /** Returns the largest value of a quantised input; the least is 0. */
  int top() {
    return top;
  }

  /** Returns whether sums are taken in 16 bits, so that the weights of a group are bounded. */
  boolean isBounded() {
    return this == AVX2;
  }

  /** Returns how many products may be added before they are widened, the most first. */
  List<Integer> groups() {
    return groups;
  }

  /** Returns what Linux calls the instructions. */
  List<String> flags() {
    return flags;
  }

  /** Returns the name in settings and of programs. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
