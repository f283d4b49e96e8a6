package dev.kumiko.kernel.machine;

import static dev.kumiko.kernel.machine.Operand.Address.at;
import static dev.kumiko.kernel.machine.Register.RAX;
import static dev.kumiko.kernel.machine.Register.RBX;
import static dev.kumiko.kernel.machine.Register.RCX;
import static dev.kumiko.kernel.machine.Register.RDI;
import static dev.kumiko.kernel.machine.Register.RDX;
import static dev.kumiko.kernel.machine.Register.RSI;

/** Assembles what asks the processor about itself. */
final class CpuPrograms {
  private CpuPrograms() {}

  /** {@code cpuid(int[4] answer, leaf, subleaf)}: EAX, EBX, ECX, EDX. */
  static Program cpuid() {
    Assembler code = new Assembler();
    code.push(RBX);
    code.move(RAX, RSI);
    code.move(RCX, RDX);
    code.cpuid();
    code.store32(at(RDI, 0), RAX);
    code.store32(at(RDI, 4), RBX);
    code.store32(at(RDI, 8), RCX);
    code.store32(at(RDI, 12), RDX);
    code.pop(RBX);
    code.ret();
    return code.program("cpuid");
  }

  /** {@code xgetbv(int[2] answer, number, ignored)}: EAX, EDX. */
  static Program xgetbv() {
    Assembler code = new Assembler();
    code.move(RCX, RSI);
    code.xgetbv();
    code.store32(at(RDI, 0), RAX);
    code.store32(at(RDI, 4), RDX);
    code.ret();
    return code.program("xgetbv");
  }
}
