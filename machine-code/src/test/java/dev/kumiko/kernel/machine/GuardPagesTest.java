package dev.kumiko.kernel.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The programs with every operand at the edge of memory: a step too far would end the JVM. */
class GuardPagesTest {
  private static final long MOST = 1 << 18;

  private final GuardedMemory first = new GuardedMemory(MOST);
  private final GuardedMemory second = new GuardedMemory(MOST);
  private final GuardedMemory third = new GuardedMemory(MOST);

  GuardPagesTest() throws Throwable {}

  @ParameterizedTest
  @EnumSource
  void productsTouchNothingOutside(Level level) {
    Code code = Machine.code(level).code();
    for (int group : level.groups()) {
      for (int inputs : new int[] {32, 64, 384}) {
        for (int rows = 0; rows <= 2 * level.rows() + 1; rows++) {
          multiply(level, code, group, inputs, rows, false);
          multiply(level, code, group, inputs, rows, true);
        }
      }
    }
  }

  private void multiply(Level level, Code code, int group, int inputs, int rows, boolean atEnd) {
    try (Arena arena = Arena.ofConfined()) {
      int columns = level.columns();
      Layer layer = Layer.random(level, columns, inputs, Layer.most(level, group), rows, arena);
      float[] x = Layer.normal(new Random(rows), rows * inputs);
      MemorySegment quantized = first.place(layer.quantized(x, rows), atEnd);
      MemorySegment panel =
          second.place(layer.packed.panelOf(0).toArray(ValueLayout.JAVA_BYTE), atEnd);
      MemorySegment y = third.place(new byte[rows * columns * Float.BYTES], atEnd);
      Calls.multiply(
          code.multiply().get(group),
          quantized,
          panel,
          y,
          rows,
          inputs,
          (long) columns * Float.BYTES);
      assertArrayEquals(layer.plain(x, rows), y.toArray(JAVA_FLOAT_UNALIGNED));
    }
  }

  @Test
  void quantisingTouchesNothingOutside() {
    Code code = Machine.code(Level.AVX2).code();
    for (int inputs : new int[] {32, 64, 384, 1536}) {
      for (int rows = 0; rows < 4; rows++) {
        quantize(code, inputs, rows, false);
        quantize(code, inputs, rows, true);
      }
    }
  }

  private void quantize(Code code, int inputs, int rows, boolean atEnd) {
    try (Arena arena = Arena.ofConfined()) {
      Layer layer = Layer.random(Level.AVX2, 16, inputs, 16, rows, arena);
      float[] values = Layer.normal(new Random(inputs), rows * inputs);
      byte[] bytes = new byte[values.length * Float.BYTES];
      MemorySegment.ofArray(bytes).copyFrom(MemorySegment.ofArray(values));
      byte[] expected = layer.quantized(values, rows);
      MemorySegment x = first.place(bytes, atEnd);
      MemorySegment constants = second.place(layer.packed.constants().toArray(JAVA_BYTE), atEnd);
      MemorySegment q = third.place(new byte[expected.length], atEnd);
      Calls.quantize(code.quantize(), x, constants, q, rows, inputs);
      // Scale and least value stand in each header twice.
      int size = PanelLayout.ROW_HEADER + inputs;
      for (int row = 0; row < rows; row++) {
        System.arraycopy(expected, row * size, expected, row * size + 8, 8);
      }
      assertArrayEquals(expected, q.toArray(JAVA_BYTE));
    }
  }

  /** With the caller of {@code machine-code/reference/registers.s}. */
  @SuppressWarnings("restricted")
  @ParameterizedTest
  @EnumSource
  void theRegistersOfTheCallerAreKept(Level level) throws Throwable {
    Code code = Machine.code(level).code();
    byte[] bytes;
    try (InputStream in = getClass().getResourceAsStream("registers.bin.gz")) {
      bytes = new GZIPInputStream(in).readAllBytes();
    }
    Program caller = new Program("caller", bytes, List.of());
    MemorySegment program = CodeRegion.load(List.of(caller)).get("caller");
    var handle =
        Linker.nativeLinker()
            .downcallHandle(
                program,
                FunctionDescriptor.ofVoid(
                    ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      int rows = level.rows() + 1;
      Layer layer = Layer.random(level, level.columns(), 32, 16, 1, arena);
      float[] x = Layer.normal(new Random(1), rows * 32);
      MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
      MemorySegment q = arena.allocateFrom(JAVA_BYTE, layer.quantized(x, rows));
      MemorySegment y = arena.allocate((long) rows * level.columns() * Float.BYTES);
      MemorySegment found = arena.allocate(6 * Long.BYTES);
      long panel = layer.packed.panelOf(0).address();
      long constants = layer.packed.constants().address();
      long stride = (long) level.columns() * Float.BYTES;
      long[] quantize = {values.address(), constants, q.address(), rows, 32, 0};
      long[] multiply = {q.address(), panel, y.address(), rows, 32, stride};
      call(handle, code.quantize(), arena, quantize, found);
      for (int group : level.groups()) {
        call(handle, code.multiply().get(group), arena, multiply, found);
      }
      assertEquals(layer.plain(x, rows)[5], y.getAtIndex(ValueLayout.JAVA_FLOAT, 5));
    }
  }

  private static void call(
      java.lang.invoke.MethodHandle caller,
      MemorySegment program,
      Arena arena,
      long[] arguments,
      MemorySegment found)
      throws Throwable {
    caller.invokeExact(program, arena.allocateFrom(ValueLayout.JAVA_LONG, arguments), found);
    assertArrayEquals(
        new long[] {101, 102, 103, 104, 105, 106}, found.toArray(ValueLayout.JAVA_LONG));
  }
}
