package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The multiplying programs of all levels, emulated: exact, and nothing outside of their operands
 * touched. Where the processor has the level, {@link MachineLinearTest} runs it for real.
 */
class EmulatedTest {
  @ParameterizedTest
  @EnumSource
  void everyTileGivesTheSumsOfPlainJava(Level level, TestReporter reporter) {
    reporter.publishEntry(level.toString(), "emulated; " + Machine.runs(level));
    for (int group : level.groups()) {
      Program program = LinearProgram.assemble(level, group);
      for (int rows = 0; rows <= 2 * level.rows() + 1; rows++) {
        check(program, level, group, rows, 67);
      }
      check(program, level, group, 3, 1);
      check(program, level, group, 2, 256);
    }
  }

  private static void check(Program program, Level level, int group, int rows, int inputs) {
    try (Arena arena = Arena.ofConfined()) {
      int outputs = level.columns();
      Layer layer = Layer.random(level, outputs, inputs, Layer.most(level, group), rows, arena);
      Random random = new Random(inputs);
      float[] x = Layer.normal(random, rows * inputs);
      assertArrayEquals(layer.plain(x, rows), run(program, layer, x, rows));
    }
  }

  private static float[] run(Program program, Layer layer, float[] x, int rows) {
    Emulator emulator = new Emulator();
    long quantized = emulator.add(layer.quantized(x, rows));
    long panel = emulator.add(layer.packed.panelOf(0).toArray(ValueLayout.JAVA_BYTE));
    byte[] y = new byte[rows * layer.outputs * Float.BYTES];
    long results = emulator.add(y);
    long stride = (long) layer.outputs * Float.BYTES;
    emulator.run(program, quantized, panel, results, rows, layer.packed.padded(), stride);
    float[] values = new float[rows * layer.outputs];
    Emulator.little(y).asFloatBuffer().get(values);
    return values;
  }

  /** All weights of one sign and as large as they may be, inputs of the largest value. */
  @ParameterizedTest
  @EnumSource
  void sumsAtTheBoundAreExact(Level level) {
    for (int group : level.groups()) {
      for (int sign : new int[] {1, -1}) {
        int inputs = 2 * group;
        byte[] weight = new byte[level.columns() * inputs];
        int bound = level.isBounded() ? Short.MAX_VALUE / level.top() : Integer.MAX_VALUE;
        int sum = Math.min(bound, Byte.MAX_VALUE * group);
        for (int i = 0; i < weight.length; i++) {
          weight[i] = (byte) (sign * atBound(sum, group, i % inputs));
        }
        assertEquals(sum, GroupSums.of(weight, level.columns(), inputs, group).group());
        try (Arena arena = Arena.ofConfined()) {
          Layer layer = new Layer(level, level.columns(), inputs, weight, new Random(1), arena);
          float[] x = new float[inputs];
          for (int i = 0; i < inputs; i++) {
            x[i] = 1 / layer.input.factors()[i];
          }
          byte[] quantized = layer.quantized(x, 1);
          for (int i = 0; i < inputs; i++) {
            assertEquals(level.top(), quantized[PanelLayout.ROW_HEADER + i] & 255);
          }
          Program program = LinearProgram.assemble(level, group);
          assertArrayEquals(layer.plain(x, 1), run(program, layer, x, 1));
        }
      }
    }
  }

  /** Divides a lane's sum among its inputs, which are two of every four. */
  private static int atBound(int sum, int group, int input) {
    int place = input / 4 * 2 + input % 2;
    return Math.min(127, sum / group + (place < sum % group ? 1 : 0));
  }

  @Test
  void theEmulatorSeesWhatGoesWrong() {
    Emulator emulator = new Emulator();
    Assembler reads = new Assembler();
    reads.op(VectorOp.VMOVUPS, new Operand.Vector(256, 0), Operand.Address.at(Register.RDI, 1));
    reads.ret();
    long place = emulator.add(new byte[32]);
    assertThrows(AssertionError.class, () -> emulator.run(reads.program("reads"), place));
    Assembler forgets = new Assembler();
    forgets.move(Register.RBX, Register.RDI);
    forgets.ret();
    AssertionError error =
        assertThrows(AssertionError.class, () -> emulator.run(forgets.program("forgets"), 1L));
    assertTrue(error.getMessage().contains("does not keep"), error.getMessage());
  }
}
