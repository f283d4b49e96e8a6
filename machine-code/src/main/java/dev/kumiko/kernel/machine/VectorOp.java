package dev.kumiko.kernel.machine;

import java.util.Locale;

/**
 * The vector instructions that the kernels are made of, as the manuals of Intel (volume 2) and AMD
 * (volume 4) give their prefix, opcode map and opcode. All have W = 0.
 */
enum VectorOp {
  VMOVUPS(0, 1, 0x10, Form.LOAD),
  VMOVUPS_STORE(0, 1, 0x11, Form.STORE),
  VMOVDQU_STORE(2, 1, 0x7F, Form.STORE),
  VBROADCASTSS(1, 2, 0x18, Form.LOAD_ELEMENT),
  VPBROADCASTD(1, 2, 0x58, Form.LOAD_ELEMENT),
  VCVTDQ2PS(0, 1, 0x5B, Form.LOAD),
  VCVTPS2DQ(1, 1, 0x5B, Form.LOAD),
  VPXOR(1, 1, 0xEF, Form.THREE),
  VADDPS(0, 1, 0x58, Form.THREE),
  VMULPS(0, 1, 0x59, Form.THREE),
  VSUBPS(0, 1, 0x5C, Form.THREE),
  VMINPS(0, 1, 0x5D, Form.THREE),
  VDIVPS(0, 1, 0x5E, Form.THREE),
  VMAXPS(0, 1, 0x5F, Form.THREE),
  VUNPCKLPS(0, 1, 0x14, Form.THREE),
  VFMSUB213PS(1, 2, 0xAA, Form.THREE),
  VFMADD213PS(1, 2, 0xA8, Form.THREE),
  VFMADD231PS(1, 2, 0xB8, Form.THREE),
  VPACKSSDW(1, 1, 0x6B, Form.THREE),
  VPACKUSWB(1, 1, 0x67, Form.THREE),
  VPERMD(1, 2, 0x36, Form.THREE),
  VPMADDUBSW(1, 2, 0x04, Form.THREE),
  VPMADDWD(1, 1, 0xF5, Form.THREE),
  VPADDW(1, 1, 0xFD, Form.THREE),
  VPADDD(1, 1, 0xFE, Form.THREE),
  VPDPBUSD(1, 2, 0x50, Form.THREE),
  VPERMILPS(1, 3, 0x04, Form.TWO_AND_BYTE),
  VPERM2F128(1, 3, 0x06, Form.THREE_AND_BYTE);

  /** Which operands an instruction takes. */
  enum Form {
    LOAD,
    LOAD_ELEMENT,
    STORE,
    THREE,
    TWO_AND_BYTE,
    THREE_AND_BYTE
  }

  private final int prefix;
  private final int map;
  private final int opcode;
  private final Form form;

  VectorOp(int prefix, int map, int opcode, Form form) {
    this.prefix = prefix;
    this.map = map;
    this.opcode = opcode;
    this.form = form;
  }

  /** Returns the prefix as two bits: none, 66, F3. */
  int prefix() {
    return prefix;
  }

  /** Returns the opcode map: 0F, 0F38 or 0F3A. */
  int map() {
    return map;
  }

  int opcode() {
    return opcode;
  }

  Form form() {
    return form;
  }

  /** Returns the name that assemblers know. */
  String mnemonic() {
    String name = name().toLowerCase(Locale.ROOT);
    return form == Form.STORE ? name.substring(0, name.indexOf('_')) : name;
  }
}
