package dev.kumiko.kernel.machine;

import static dev.kumiko.kernel.machine.Operand.Address.at;
import static dev.kumiko.kernel.machine.Register.R10;
import static dev.kumiko.kernel.machine.Register.R11;
import static dev.kumiko.kernel.machine.Register.R12;
import static dev.kumiko.kernel.machine.Register.R8;
import static dev.kumiko.kernel.machine.Register.R9;
import static dev.kumiko.kernel.machine.Register.RAX;
import static dev.kumiko.kernel.machine.Register.RBX;
import static dev.kumiko.kernel.machine.Register.RCX;
import static dev.kumiko.kernel.machine.Register.RDI;
import static dev.kumiko.kernel.machine.Register.RDX;
import static dev.kumiko.kernel.machine.Register.RSI;
import static dev.kumiko.kernel.machine.VectorOp.VBROADCASTSS;
import static dev.kumiko.kernel.machine.VectorOp.VCVTDQ2PS;
import static dev.kumiko.kernel.machine.VectorOp.VFMADD213PS;
import static dev.kumiko.kernel.machine.VectorOp.VFMADD231PS;
import static dev.kumiko.kernel.machine.VectorOp.VMOVUPS;
import static dev.kumiko.kernel.machine.VectorOp.VMOVUPS_STORE;
import static dev.kumiko.kernel.machine.VectorOp.VMULPS;
import static dev.kumiko.kernel.machine.VectorOp.VPADDD;
import static dev.kumiko.kernel.machine.VectorOp.VPADDW;
import static dev.kumiko.kernel.machine.VectorOp.VPBROADCASTD;
import static dev.kumiko.kernel.machine.VectorOp.VPDPBUSD;
import static dev.kumiko.kernel.machine.VectorOp.VPMADDUBSW;
import static dev.kumiko.kernel.machine.VectorOp.VPMADDWD;
import static dev.kumiko.kernel.machine.VectorOp.VPXOR;

import dev.kumiko.kernel.machine.Assembler.Condition;
import dev.kumiko.kernel.machine.Operand.Address;
import dev.kumiko.kernel.machine.Operand.Vector;

/**
 * Assembles {@code multiply(rows, panel, y, count, inputs, stride)}: all quantised rows times one
 * panel, {@code y = (sum * scale + least * sum of weights) * scale of column + bias}. {@link
 * PanelLayout} says how rows and panel lie; {@code inputs} is padded, {@code stride} is the bytes
 * from one row of y to the next.
 *
 * <p>Tiles of some rows pass over the panel; for the last rows there are lower tiles.
 */
final class LinearProgram {
  /** So far ahead weights are asked for: from the third-level cache they come in time. */
  private static final int AHEAD = 4096;

  /** Steps of VNNI's loop. */
  private static final int VNNI_STEPS = 4;

  private final Assembler code = new Assembler();
  private final Level level;
  private final int group;
  private final int vectors;
  private final PanelLayout layout;

  private LinearProgram(Level level, int group) {
    this.level = level;
    this.group = group;
    this.vectors = level.vectors();
    this.layout = new PanelLayout(level.columns());
  }

  /**
   * Assembles one program.
   *
   * @param group products that are added before they are widened, one of the level's
   */
  static Program assemble(Level level, int group) {
    LinearProgram program = new LinearProgram(level, group);
    program.all();
    return program.code.program(name(level, group));
  }

  static String name(Level level, int group) {
    return "multiply-" + level.label() + (level.isBounded() ? "-" + group : "");
  }

  private void all() {
    code.push(RBX);
    code.push(R12);
    code.lea(RBX, at(R8, PanelLayout.ROW_HEADER));
    for (int rows = level.rows(); rows > 0; rows--) {
      String next = "below" + rows;
      code.label("tile" + rows);
      code.compare(RCX, rows);
      code.jump(Condition.BELOW, next);
      tile(rows);
      code.subtract(RCX, rows);
      if (rows == level.rows()) {
        code.compare(RCX, rows);
        code.jump(Condition.NOT_BELOW, "tile" + rows);
      }
      code.label(next);
    }
    code.vzeroupper();
    code.pop(R12);
    code.pop(RBX);
    code.ret();
  }

  /** Computes some rows, and leaves RDI and RDX behind them. */
  private void tile(int rows) {
    for (int i = 0; i < rows * vectors; i++) {
      code.op(VPXOR, vector(i), vector(i), vector(i));
    }
    code.lea(RAX, at(RSI, layout.weights()));
    code.lea(R10, at(RDI, PanelLayout.ROW_HEADER));
    if (rows > 3) {
      code.lea(R12, new Address(R10, RBX, 2, 0));
      code.add(R12, RBX);
    }
    code.move(R11, R8);
    code.label("inputs" + rows);
    int steps = level.isBounded() ? group / 2 : VNNI_STEPS;
    if (level.isBounded()) {
      bounded(rows, steps);
    } else {
      vnni(rows, steps);
    }
    int inputs = steps * PanelLayout.STEP;
    for (int line = 0; line < inputs * level.columns(); line += PanelLayout.LINE) {
      code.prefetch(at(RAX, AHEAD + line));
    }
    code.lea(RAX, at(RAX, inputs * level.columns()));
    code.lea(R10, at(R10, inputs));
    if (rows > 3) {
      code.lea(R12, at(R12, inputs));
    }
    code.subtract(R11, inputs);
    code.jump(Condition.NOT_ZERO, "inputs" + rows);
    for (int row = 0; row < rows; row++) {
      finish(row);
    }
  }

  /** One group of inputs: in pairs of rows, as there are no registers for more sums of 16 bits. */
  private void bounded(int rows, int steps) {
    int narrow = level.rows() * vectors;
    Vector input = vector(14);
    Vector product = vector(15);
    Vector[] weights = {vector(12), vector(13)};
    for (int row = 0; row < rows; row += 2) {
      int pair = Math.min(2, rows - row);
      for (int step = 0; step < steps; step++) {
        load(weights, step);
        for (int i = 0; i < pair; i++) {
          code.op(VPBROADCASTD, input, row(row + i, step));
          for (int v = 0; v < vectors; v++) {
            Vector sum = vector(narrow + i * vectors + v);
            Vector to = step == 0 ? sum : v == vectors - 1 ? input : product;
            code.op(VPMADDUBSW, to, input, weights[v]);
            if (step > 0) {
              code.op(VPADDW, sum, sum, to);
            }
          }
        }
      }
      for (int i = 0; i < pair * vectors; i++) {
        Vector sum = vector(narrow + i);
        Vector wide = vector(row * vectors + i);
        code.op(VPMADDWD, sum, sum, at(RSI, layout.ones()));
        code.op(VPADDD, wide, wide, sum);
      }
    }
  }

  private void vnni(int rows, int steps) {
    int sums = level.rows() * vectors;
    Vector[] weights = new Vector[vectors];
    for (int v = 0; v < vectors; v++) {
      weights[v] = vector(sums + v);
    }
    Vector input = vector(sums + vectors);
    for (int step = 0; step < steps; step++) {
      load(weights, step);
      for (int row = 0; row < rows; row++) {
        code.op(VPBROADCASTD, input, row(row, step));
        for (int v = 0; v < vectors; v++) {
          code.op(VPDPBUSD, vector(row * vectors + v), input, weights[v]);
        }
      }
    }
  }

  private void load(Vector[] weights, int step) {
    for (int v = 0; v < vectors; v++) {
      int place = (step * vectors + v) * level.bits() / Byte.SIZE;
      code.op(VMOVUPS, weights[v], at(RAX, place));
    }
  }

  /** Returns the address of four inputs of a row. */
  private static Address row(int row, int step) {
    Register base = row < 3 ? R10 : R12;
    int offset = step * PanelLayout.STEP;
    return row % 3 == 0 ? at(base, offset) : new Address(base, RBX, row % 3, offset);
  }

  /** Writes one row's results. */
  private void finish(int row) {
    int free = level.rows() * vectors;
    Vector scale = vector(free);
    Vector least = vector(free + 1);
    Vector value = vector(free + 2);
    code.op(VBROADCASTSS, scale, at(RDI, 0));
    code.op(VBROADCASTSS, least, at(RDI, Float.BYTES));
    for (int v = 0; v < vectors; v++) {
      int place = v * level.bits() / Byte.SIZE;
      Vector sum = vector(row * vectors + v);
      code.op(VCVTDQ2PS, sum, sum);
      code.op(VMULPS, value, least, at(RSI, layout.sums() + place));
      code.op(VFMADD231PS, value, sum, scale);
      code.op(VMOVUPS, sum, at(RSI, PanelLayout.scales() + place));
      code.op(VFMADD213PS, sum, value, at(RSI, layout.biases() + place));
      code.op(VMOVUPS_STORE, sum, at(RDX, place));
    }
    code.add(RDI, RBX);
    code.add(RDX, R9);
  }

  private Vector vector(int number) {
    return new Vector(level.bits(), number);
  }
}
