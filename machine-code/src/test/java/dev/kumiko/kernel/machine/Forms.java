package dev.kumiko.kernel.machine;

import dev.kumiko.kernel.machine.Operand.Address;
import dev.kumiko.kernel.machine.Operand.Vector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Every instruction in all its forms: registers of both halves, addresses of each kind. */
final class Forms {
  /** What the kernels use with 512 bits; the others are not there, or have another name. */
  private static final Set<VectorOp> WIDE =
      EnumSet.of(
          VectorOp.VMOVUPS,
          VectorOp.VMOVUPS_STORE,
          VectorOp.VBROADCASTSS,
          VectorOp.VPBROADCASTD,
          VectorOp.VCVTDQ2PS,
          VectorOp.VPXOR,
          VectorOp.VMULPS,
          VectorOp.VFMADD213PS,
          VectorOp.VFMADD231PS,
          VectorOp.VPDPBUSD);

  private static final Set<VectorOp> ONLY_256 = EnumSet.of(VectorOp.VPERMD, VectorOp.VPERM2F128);

  /** Those that mean something else as a base, with the same bits or the fourth one, and others. */
  private static final List<Register> BASES =
      List.of(
          Register.RAX,
          Register.RSP,
          Register.RBP,
          Register.RSI,
          Register.R8,
          Register.R12,
          Register.R13);

  private Forms() {}

  static Program all() {
    Assembler code = new Assembler();
    general(code);
    for (VectorOp op : VectorOp.values()) {
      vectors(code, op, 256, 0, 7, 8, 15);
      if (!ONLY_256.contains(op)) {
        vectors(code, op, 128, 0, 7, 8, 15);
      }
      if (WIDE.contains(op)) {
        vectors(code, op, 512, 0, 8, 16, 31);
      }
    }
    return code.program("forms");
  }

  private static List<Address> addresses() {
    List<Address> addresses = new ArrayList<>();
    int[] offsets = {0, 1, 4, -64, 127, -129, 8128, 8192};
    for (Register base : BASES) {
      for (int offset : offsets) {
        addresses.add(Address.at(base, offset));
      }
      addresses.add(new Address(base, Register.RBX, 1, 0));
      addresses.add(new Address(base, Register.RBP, 2, 4));
      addresses.add(new Address(base, Register.R12, 4, 64));
      addresses.add(new Address(base, Register.R13, 8, 1000));
    }
    return addresses;
  }

  private static void general(Assembler code) {
    code.label("back");
    for (Register a : Register.values()) {
      for (Register b : Register.values()) {
        code.move(a, b);
        code.add(a, b);
      }
      for (int number : new int[] {0, 1, 127, -128}) {
        code.subtract(a, number);
        code.compare(a, number);
      }
      code.push(a);
      code.pop(a);
      code.lea(a, Address.at(a, 64));
    }
    for (Address address : addresses()) {
      code.prefetch(address);
      code.lea(Register.RDI, address);
      code.lea(Register.R11, address);
      code.store32(address, Register.RAX);
      code.store32(address, Register.R9);
    }
    for (Assembler.Condition condition : Assembler.Condition.values()) {
      code.jump(condition, "back");
      code.jump(condition, "ahead");
    }
    code.label("ahead");
    code.ret();
    code.vzeroupper();
    code.cpuid();
    code.xgetbv();
  }

  private static void vectors(Assembler code, VectorOp op, int bits, int... numbers) {
    for (int number : numbers) {
      Vector to = new Vector(bits, number);
      boolean hasThree =
          op.form() == VectorOp.Form.THREE || op.form() == VectorOp.Form.THREE_AND_BYTE;
      // As a move between registers the reference takes whichever of two encodings is shorter.
      boolean moves = op == VectorOp.VMOVUPS || op.form() == VectorOp.Form.STORE;
      if (!moves && op.form() != VectorOp.Form.LOAD_ELEMENT) {
        for (int other : numbers) {
          form(code, op, to, new Vector(bits, numbers[1]), new Vector(bits, other));
          if (hasThree) {
            form(code, op, to, new Vector(bits, other), new Vector(bits, numbers[2]));
          }
        }
      }
      for (Address address : addresses()) {
        if (number == numbers[0] || address.index() != null) {
          form(code, op, to, new Vector(bits, numbers[3]), address);
        }
      }
    }
  }

  private static void form(Assembler code, VectorOp op, Vector to, Vector a, Operand b) {
    switch (op.form()) {
      case LOAD, LOAD_ELEMENT, STORE -> code.op(op, to, b);
      case THREE -> code.op(op, to, a, b);
      case TWO_AND_BYTE -> code.op(op, to, b, 0xB1);
      case THREE_AND_BYTE -> code.op(op, to, a, b, 1);
    }
  }

  /** Returns the programs of all levels, and the forms. */
  static List<Program> programs() {
    List<Program> programs = new ArrayList<>();
    programs.add(all());
    programs.add(CpuPrograms.cpuid());
    programs.add(CpuPrograms.xgetbv());
    programs.add(QuantizeProgram.assemble());
    for (Level level : Level.values()) {
      level.groups().forEach(group -> programs.add(LinearProgram.assemble(level, group)));
    }
    return programs;
  }

  /** Writes the sources for the reference assembler. */
  public static void main(String[] arguments) throws IOException {
    for (Program program : programs()) {
      Files.writeString(Path.of(arguments[0], program.name() + ".s"), program.listing());
    }
  }
}
