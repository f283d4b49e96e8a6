package dev.kumiko.kernel.machine;

/** What the last operand of a vector instruction may be. */
sealed interface Operand {
  /**
   * A vector register.
   *
   * @param bits 128, 256 or 512
   * @param number 0 to 15, with 512 bits to 31
   */
  record Vector(int bits, int number) implements Operand {
    @Override
    public String toString() {
      return (bits == 128 ? "xmm" : bits == 256 ? "ymm" : "zmm") + number;
    }
  }

  /**
   * Memory at {@code base + index * scale + displacement}.
   *
   * @param index null for none
   * @param scale 1, 2, 4 or 8
   */
  record Address(Register base, Register index, int scale, int displacement) implements Operand {
    static Address at(Register base, int displacement) {
      return new Address(base, null, 1, displacement);
    }

    @Override
    public String toString() {
      String offset = displacement == 0 ? "" : "%+d".formatted(displacement);
      return index == null
          ? "[" + base + offset + "]"
          : "[" + base + "+" + index + "*" + scale + offset + "]";
    }
  }
}
