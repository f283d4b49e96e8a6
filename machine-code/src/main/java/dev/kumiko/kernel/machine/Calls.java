package dev.kumiko.kernel.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls of the assembled programs. The thread stays in Java while a program runs, so heap arrays do
 * not move and no safepoint comes about: calls have to be short. Whoever calls has proved that the
 * segments are as large as the program reads and writes. To initialise this class takes the JVM a
 * tenth of a second.
 */
final class Calls {
  private static final Linker.Option IN_JAVA = Linker.Option.critical(true);

  private static final MethodHandle QUANTIZE =
      handle(FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG));

  private static final MethodHandle MULTIPLY =
      handle(FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private static final MethodHandle ASK =
      handle(FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG));

  private Calls() {}

  @SuppressWarnings("restricted")
  private static MethodHandle handle(FunctionDescriptor arguments) {
    return Linker.nativeLinker().downcallHandle(arguments, IN_JAVA);
  }

  /** As {@link QuantizeProgram}. */
  static void quantize(
      MemorySegment program,
      MemorySegment x,
      MemorySegment constants,
      MemorySegment rows,
      long count,
      long inputs) {
    try {
      QUANTIZE.invokeExact(program, x, constants, rows, count, inputs);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** As {@link LinearProgram}. */
  static void multiply(
      MemorySegment program,
      MemorySegment rows,
      MemorySegment panel,
      MemorySegment y,
      long count,
      long inputs,
      long stride) {
    try {
      MULTIPLY.invokeExact(program, rows, panel, y, count, inputs, stride);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** As {@link CpuPrograms}. */
  static void ask(MemorySegment program, MemorySegment answer, long leaf, long subleaf) {
    try {
      ASK.invokeExact(program, answer, leaf, subleaf);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A program throws nothing; the JDK does where an arena is closed. */
  private static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case RuntimeException known -> known;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
