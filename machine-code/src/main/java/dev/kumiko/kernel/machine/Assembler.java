package dev.kumiko.kernel.machine;

import dev.kumiko.kernel.machine.Operand.Address;
import dev.kumiko.kernel.machine.Operand.Vector;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes x86-64 instructions: general ones with 64-bit operands, vector ones in VEX or, with
 * registers of 512 bits, in EVEX form (Intel's manual, volume 2, chapter 2). Every instruction is
 * kept as text, too, as the GNU assembler reads it after {@code .intel_syntax noprefix}.
 *
 * <p>Not safe for concurrent use.
 */
final class Assembler {
  /** Conditions of a jump, with the low half of their opcode. */
  enum Condition {
    BELOW("jb", 2),
    NOT_BELOW("jae", 3),
    NOT_ZERO("jnz", 5);

    private final String mnemonic;
    private final int code;

    Condition(String mnemonic, int code) {
      this.mnemonic = mnemonic;
      this.code = code;
    }
  }

  /**
   * An instruction, or a label, which has no bytes.
   *
   * @param offset of its first byte
   * @param length in bytes
   */
  record Line(int offset, int length, String text) {}

  private record Jump(int at, String label) {}

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Integer> labels = new HashMap<>();
  private final List<Jump> jumps = new ArrayList<>();

  /** Returns the program with its jumps filled in. */
  Program program(String name) {
    byte[] code = bytes.toByteArray();
    for (Jump jump : jumps) {
      Integer target = labels.get(jump.label);
      if (target == null) {
        throw new IllegalStateException(name + " jumps to " + jump.label + ", which is not there");
      }
      int distance = target - (jump.at + Integer.BYTES);
      for (int i = 0; i < Integer.BYTES; i++) {
        code[jump.at + i] = (byte) (distance >> (8 * i));
      }
    }
    return new Program(name, code, List.copyOf(lines));
  }

  void label(String name) {
    if (labels.put(name, bytes.size()) != null) {
      throw new IllegalStateException("label " + name + " is there twice");
    }
    lines.add(new Line(bytes.size(), 0, name + ":"));
  }

  void jump(Condition condition, String label) {
    int start = bytes.size();
    write(0x0F, 0x80 | condition.code);
    jumps.add(new Jump(bytes.size(), label));
    writeInt(0);
    end(start, "{disp32} " + condition.mnemonic + " " + label);
  }

  void move(Register to, Register from) {
    int start = bytes.size();
    registers(0x89, to, from);
    end(start, "mov " + to + ", " + from);
  }

  /** Stores the low 32 bits. */
  void store32(Address to, Register from) {
    int start = bytes.size();
    if ((from.high() | high(to.base()) | high(to.index())) != 0) {
      write(0x40 | from.high() << 2 | high(to.index()) << 1 | high(to.base()));
    }
    write(0x89);
    address(from.low(), to, 1);
    String name = from.high() == 0 ? "e" + from.toString().substring(1) : from + "d";
    end(start, "mov dword ptr " + to + ", " + name);
  }

  void add(Register to, Register from) {
    int start = bytes.size();
    registers(0x01, to, from);
    end(start, "add " + to + ", " + from);
  }

  void subtract(Register from, int number) {
    immediate("sub", 5, from, number);
  }

  void compare(Register register, int number) {
    immediate("cmp", 7, register, number);
  }

  private void immediate(String name, int extension, Register register, int number) {
    if (number != (byte) number) {
      throw new IllegalArgumentException(name + " with " + number + ", which is no signed byte");
    }
    int start = bytes.size();
    write(0x48 | register.high(), 0x83, 0xC0 | extension << 3 | register.low(), number);
    end(start, name + " " + register + ", " + number);
  }

  /** {@code to = the address}. */
  void lea(Register to, Address from) {
    int start = bytes.size();
    write(0x48 | to.high() << 2 | high(from.index()) << 1 | high(from.base()), 0x8D);
    address(to.low(), from, 1);
    end(start, "lea " + to + ", " + from);
  }

  void push(Register register) {
    stack(0x50, "push", register);
  }

  void pop(Register register) {
    stack(0x58, "pop", register);
  }

  private void stack(int opcode, String name, Register register) {
    int start = bytes.size();
    if (register.high() != 0) {
      write(0x41);
    }
    write(opcode | register.low());
    end(start, name + " " + register);
  }

  /** Asks for a line of memory; one that may not be read is no fault. */
  void prefetch(Address address) {
    int start = bytes.size();
    if ((high(address.base()) | high(address.index())) != 0) {
      write(0x40 | high(address.index()) << 1 | high(address.base()));
    }
    write(0x0F, 0x18);
    address(1, address, 1);
    end(start, "prefetcht0 byte ptr " + address);
  }

  void ret() {
    plain("ret", 0xC3);
  }

  void vzeroupper() {
    plain("vzeroupper", 0xC5, 0xF8, 0x77);
  }

  void cpuid() {
    plain("cpuid", 0x0F, 0xA2);
  }

  void xgetbv() {
    plain("xgetbv", 0x0F, 0x01, 0xD0);
  }

  private void plain(String text, int... code) {
    int start = bytes.size();
    write(code);
    end(start, text);
  }

  private void registers(int opcode, Register to, Register from) {
    write(0x48 | from.high() << 2 | to.high(), opcode, 0xC0 | from.low() << 3 | to.low());
  }

  /** A load, a conversion, or with a STORE operation a store of {@code register}. */
  void op(VectorOp op, Vector register, Operand other) {
    vector(op, register, 0, false, other, "");
  }

  /** As {@link #op(VectorOp, Vector, Operand)}, with a constant. */
  void op(VectorOp op, Vector to, Operand from, int constant) {
    vector(op, to, 0, false, from, ", " + constant);
    write(constant);
    lengthen();
  }

  /** {@code to = a op b}; multiply-adds read {@code to}, too. */
  void op(VectorOp op, Vector to, Vector a, Operand b) {
    vector(op, to, a.number(), true, b, "");
  }

  /** As {@link #op(VectorOp, Vector, Vector, Operand)}, with a constant. */
  void op(VectorOp op, Vector to, Vector a, Operand b, int constant) {
    vector(op, to, a.number(), true, b, ", " + constant);
    write(constant);
    lengthen();
  }

  private void lengthen() {
    Line line = lines.removeLast();
    lines.add(new Line(line.offset, line.length + 1, line.text));
  }

  private void vector(
      VectorOp op, Vector register, int second, boolean three, Operand other, String constant) {
    int start = bytes.size();
    boolean wide = register.bits() == 512;
    int element = op.form() == VectorOp.Form.LOAD_ELEMENT ? Float.BYTES : register.bits() / 8;
    if (wide) {
      evex(op, register, second, other);
    } else {
      vex(op, register, second, other);
    }
    write(op.opcode());
    if (other instanceof Vector vector) {
      write(0xC0 | (register.number() & 7) << 3 | (vector.number() & 7));
    } else {
      // EVEX counts one-byte displacements in operands.
      address(register.number() & 7, (Address) other, wide ? element : 1);
    }
    String size =
        element == Float.BYTES ? "dword ptr " : register.toString().charAt(0) + "mmword ptr ";
    String last = other instanceof Address ? size + other : other.toString();
    String middle = three ? new Vector(register.bits(), second) + ", " : "";
    String encoding = op == VectorOp.VPDPBUSD && !wide ? "{vex} " : "";
    String operands =
        op.form() == VectorOp.Form.STORE ? last + ", " + register : register + ", " + middle + last;
    String mnemonic = op == VectorOp.VPXOR && wide ? "vpxord" : op.mnemonic();
    end(start, encoding + mnemonic + " " + operands + constant);
  }

  private void vex(VectorOp op, Vector register, int second, Operand other) {
    int r = ~register.number() >> 3 & 1;
    int x = ~extension(other, true) & 1;
    int b = ~extension(other, false) & 1;
    int rest = (~second & 15) << 3 | (register.bits() == 256 ? 4 : 0) | op.prefix();
    if (x == 1 && b == 1 && op.map() == 1) {
      write(0xC5, r << 7 | rest);
    } else {
      write(0xC4, r << 7 | x << 6 | b << 5 | op.map(), rest);
    }
  }

  private void evex(VectorOp op, Vector register, int second, Operand other) {
    int number = register.number();
    int r = (~number >> 3 & 1) << 7 | (~number >> 4 & 1) << 4;
    int x = (~extension(other, true) & 1) << 6;
    int b = (~extension(other, false) & 1) << 5;
    write(0x62, r | x | b | op.map());
    write((~second & 15) << 3 | 4 | op.prefix(), 2 << 5 | (~second >> 4 & 1) << 3);
  }

  /** Returns the high bit of an index, or of a base; a vector register of EVEX uses both. */
  private static int extension(Operand operand, boolean index) {
    return switch (operand) {
      case Vector v -> v.number() >> (index ? 4 : 3) & 1;
      case Address a -> high(index ? a.index() : a.base());
    };
  }

  private static int high(Register register) {
    return register == null ? 0 : register.high();
  }

  /** ModRM, SIB and displacement, which is short if it is a signed byte times {@code unit}. */
  private void address(int field, Address a, int unit) {
    int offset = a.displacement();
    boolean isShort = offset % unit == 0 && offset / unit == (byte) (offset / unit);
    // RBP and R13 as a base without displacement mean something else.
    int mode = offset == 0 && a.base().low() != 5 ? 0 : isShort ? 1 : 2;
    if (a.index() == Register.RSP) {
      throw new IllegalArgumentException("rsp is no index");
    }
    if (a.index() != null || a.base().low() == 4) {
      int index = a.index() == null ? 4 : a.index().low();
      int shift = Integer.numberOfTrailingZeros(a.scale());
      write(mode << 6 | field << 3 | 4, shift << 6 | index << 3 | a.base().low());
    } else {
      write(mode << 6 | field << 3 | a.base().low());
    }
    if (mode == 1) {
      write(offset / unit);
    } else if (mode == 2) {
      writeInt(offset);
    }
  }

  private void write(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
  }

  private void writeInt(int value) {
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes.write(value >> (8 * i));
    }
  }

  private void end(int start, String text) {
    lines.add(new Line(start, bytes.size() - start, text));
  }
}
