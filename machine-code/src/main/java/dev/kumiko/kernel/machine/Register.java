package dev.kumiko.kernel.machine;

import java.util.Locale;

/** A general register of 64 bits. */
enum Register {
  RAX(0),
  RCX(1),
  RDX(2),
  RBX(3),
  RSP(4),
  RBP(5),
  RSI(6),
  RDI(7),
  R8(8),
  R9(9),
  R10(10),
  R11(11),
  R12(12),
  R13(13),
  R14(14),
  R15(15);

  private final int number;

  Register(int number) {
    this.number = number;
  }

  /** Returns its number's low three bits, which the instruction's own bytes hold. */
  int low() {
    return number & 7;
  }

  /** Returns its number's fourth bit, which a prefix holds. */
  int high() {
    return number >> 3;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
