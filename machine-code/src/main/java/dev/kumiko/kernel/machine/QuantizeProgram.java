package dev.kumiko.kernel.machine;

import static dev.kumiko.kernel.machine.Operand.Address.at;
import static dev.kumiko.kernel.machine.Register.R10;
import static dev.kumiko.kernel.machine.Register.R11;
import static dev.kumiko.kernel.machine.Register.R8;
import static dev.kumiko.kernel.machine.Register.RAX;
import static dev.kumiko.kernel.machine.Register.RCX;
import static dev.kumiko.kernel.machine.Register.RDI;
import static dev.kumiko.kernel.machine.Register.RDX;
import static dev.kumiko.kernel.machine.Register.RSI;
import static dev.kumiko.kernel.machine.VectorOp.VADDPS;
import static dev.kumiko.kernel.machine.VectorOp.VBROADCASTSS;
import static dev.kumiko.kernel.machine.VectorOp.VCVTPS2DQ;
import static dev.kumiko.kernel.machine.VectorOp.VDIVPS;
import static dev.kumiko.kernel.machine.VectorOp.VFMADD231PS;
import static dev.kumiko.kernel.machine.VectorOp.VFMSUB213PS;
import static dev.kumiko.kernel.machine.VectorOp.VMAXPS;
import static dev.kumiko.kernel.machine.VectorOp.VMINPS;
import static dev.kumiko.kernel.machine.VectorOp.VMOVDQU_STORE;
import static dev.kumiko.kernel.machine.VectorOp.VMOVUPS;
import static dev.kumiko.kernel.machine.VectorOp.VMOVUPS_STORE;
import static dev.kumiko.kernel.machine.VectorOp.VMULPS;
import static dev.kumiko.kernel.machine.VectorOp.VPACKSSDW;
import static dev.kumiko.kernel.machine.VectorOp.VPACKUSWB;
import static dev.kumiko.kernel.machine.VectorOp.VPERM2F128;
import static dev.kumiko.kernel.machine.VectorOp.VPERMD;
import static dev.kumiko.kernel.machine.VectorOp.VPERMILPS;
import static dev.kumiko.kernel.machine.VectorOp.VPXOR;
import static dev.kumiko.kernel.machine.VectorOp.VSUBPS;
import static dev.kumiko.kernel.machine.VectorOp.VUNPCKLPS;

import dev.kumiko.kernel.machine.Assembler.Condition;
import dev.kumiko.kernel.machine.Operand.Vector;

/**
 * Assembles {@code quantize(x, constants, rows, count, inputs)}: rows of floats become rows of
 * unsigned bytes, as {@link PlainRows} says. The factors follow the constants.
 */
final class QuantizeProgram {
  private static final int BYTES = 32;
  private static final int LANES = BYTES / Float.BYTES;
  private static final int UNROLLED = PanelLayout.INPUTS_TOGETHER / LANES;

  private static final Vector VALUE = vector(12);
  private static final Vector ZERO = vector(13);

  private final Assembler code = new Assembler();

  private QuantizeProgram() {}

  static Program assemble() {
    QuantizeProgram program = new QuantizeProgram();
    program.all();
    return program.code.program("quantize");
  }

  private void all() {
    code.label("row");
    code.compare(RCX, 1);
    code.jump(Condition.BELOW, "done");
    range();
    Vector inverse = vector(5);
    Vector offset = vector(6);
    scale(inverse, offset);
    bytes(inverse, offset);
    // What the loops have run over is where the next row begins.
    code.move(RDI, RAX);
    code.subtract(RCX, 1);
    code.compare(RCX, 1);
    code.jump(Condition.NOT_BELOW, "row");
    code.label("done");
    code.vzeroupper();
    code.ret();
  }

  /** Leaves the least value in 0, the greatest in 4, and 0 or what is no number in 8. */
  private void range() {
    code.op(VPXOR, ZERO, ZERO, ZERO);
    for (int i = 0; i < UNROLLED; i++) {
      code.op(VPXOR, vector(i), ZERO, ZERO);
      code.op(VBROADCASTSS, vector(4 + i), at(RSI, PanelLayout.SMALLEST));
      code.op(VPXOR, vector(8 + i), ZERO, ZERO);
    }
    begin();
    code.label("range");
    for (int i = 0; i < UNROLLED; i++) {
      code.op(VMOVUPS, VALUE, at(RAX, i * BYTES));
      code.op(VMULPS, VALUE, VALUE, at(R10, i * BYTES));
      code.op(VMINPS, vector(i), vector(i), VALUE);
      code.op(VMAXPS, vector(4 + i), vector(4 + i), VALUE);
      code.op(VFMADD231PS, vector(8 + i), VALUE, ZERO);
    }
    step("range");
    for (int kind = 0; kind < 3; kind++) {
      VectorOp join = kind == 0 ? VMINPS : kind == 1 ? VMAXPS : VADDPS;
      int first = 4 * kind;
      code.op(join, vector(first), vector(first), vector(first + 1));
      code.op(join, vector(first + 2), vector(first + 2), vector(first + 3));
      code.op(join, vector(first), vector(first), vector(first + 2));
      code.op(VPERM2F128, VALUE, vector(first), vector(first), 1);
      code.op(join, vector(first), vector(first), VALUE);
      code.op(VPERMILPS, VALUE, vector(first), 0x4E);
      code.op(join, vector(first), vector(first), VALUE);
      code.op(VPERMILPS, VALUE, vector(first), 0xB1);
      code.op(join, vector(first), vector(first), VALUE);
    }
  }

  /** Writes the row's header. */
  private void scale(Vector inverse, Vector offset) {
    Vector least = vector(0);
    Vector scale = vector(4);
    Vector top = vector(1);
    code.op(VBROADCASTSS, top, at(RSI, PanelLayout.TOP));
    code.op(VDIVPS, scale, scale, top);
    code.op(VDIVPS, VALUE, least, top);
    code.op(VSUBPS, scale, scale, VALUE);
    code.op(VADDPS, scale, scale, vector(8));
    code.op(VBROADCASTSS, inverse, at(RSI, PanelLayout.ONE));
    code.op(VDIVPS, inverse, inverse, scale);
    code.op(VMULPS, offset, least, inverse);
    code.op(VUNPCKLPS, VALUE, scale, least);
    code.op(VMOVUPS_STORE, new Vector(128, VALUE.number()), at(RDX, 0));
    code.lea(RDX, at(RDX, PanelLayout.ROW_HEADER));
  }

  private void bytes(Vector inverse, Vector offset) {
    Vector order = vector(7);
    code.op(VMOVUPS, order, at(RSI, PanelLayout.ORDER));
    begin();
    code.label("bytes");
    for (int i = 0; i < UNROLLED; i++) {
      Vector value = vector(8 + i);
      code.op(VMOVUPS, value, at(RAX, i * BYTES));
      code.op(VMULPS, value, value, at(R10, i * BYTES));
      code.op(VFMSUB213PS, value, inverse, offset);
      code.op(VCVTPS2DQ, value, value);
    }
    code.op(VPACKSSDW, vector(8), vector(8), vector(9));
    code.op(VPACKSSDW, vector(10), vector(10), vector(11));
    code.op(VPACKUSWB, vector(8), vector(8), vector(10));
    code.op(VPERMD, vector(8), order, vector(8));
    code.op(VMOVDQU_STORE, vector(8), at(RDX, 0));
    code.lea(RDX, at(RDX, PanelLayout.INPUTS_TOGETHER));
    step("bytes");
  }

  private void begin() {
    code.move(RAX, RDI);
    code.lea(R10, at(RSI, PanelLayout.CONSTANTS));
    code.move(R11, R8);
  }

  private void step(String loop) {
    code.lea(RAX, at(RAX, UNROLLED * BYTES));
    code.lea(R10, at(R10, UNROLLED * BYTES));
    code.subtract(R11, PanelLayout.INPUTS_TOGETHER);
    code.jump(Condition.NOT_ZERO, loop);
  }

  private static Vector vector(int number) {
    return new Vector(8 * BYTES, number);
  }
}
