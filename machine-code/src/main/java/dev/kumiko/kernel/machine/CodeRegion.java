package dev.kumiko.kernel.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Memory of the system's own that is first written and then executed, never both at a time. It
 * stays as long as the process.
 */
@SuppressWarnings("restricted")
final class CodeRegion {
  private static final int READ_WRITE = 1 | 2;
  private static final int READ_EXECUTE = 1 | 4;

  /** MAP_PRIVATE and MAP_ANONYMOUS of Linux. */
  private static final int PRIVATE_ANONYMOUS = 0x22;

  private static final long PAGE = 4096;

  /** What stands between programs: executed, it stops the process at once. */
  private static final byte BREAKPOINT = (byte) 0xCC;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERROR =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** The system does not let memory be executed. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  private CodeRegion() {}

  /**
   * Returns where each program begins, by its name.
   *
   * @throws RefusedException if the system refuses the memory
   */
  static Map<String, MemorySegment> load(List<Program> programs) throws RefusedException {
    long size = 0;
    for (Program program : programs) {
      size = next(size + program.code().length);
    }
    size = (size + PAGE - 1) / PAGE * PAGE;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment region = map(state, size).reinterpret(size);
      region.fill(BREAKPOINT);
      Map<String, MemorySegment> places = new HashMap<>();
      long at = 0;
      for (Program program : programs) {
        int length = program.code().length;
        MemorySegment.copy(program.code(), 0, region, JAVA_BYTE, at, length);
        places.put(program.name(), region.asSlice(at, length));
        at = next(at + length);
      }
      protect(state, region);
      return Map.copyOf(places);
    }
  }

  /** At least one breakpoint stands behind every program. */
  private static long next(long end) {
    return (end / PanelLayout.LINE + 1) * PanelLayout.LINE;
  }

  private static MemorySegment map(MemorySegment state, long size) throws RefusedException {
    MethodHandle mmap =
        function(
            "mmap",
            FunctionDescriptor.of(
                ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    MemorySegment region;
    try {
      region =
          (MemorySegment)
              mmap.invokeExact(
                  state, MemorySegment.NULL, size, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (region.address() == -1) {
      throw new RefusedException("the system gives no memory for code (" + error(state) + ")");
    }
    return region;
  }

  private static void protect(MemorySegment state, MemorySegment region) throws RefusedException {
    MethodHandle mprotect =
        function("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    MethodHandle munmap = function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    try {
      if ((int) mprotect.invokeExact(state, region, region.byteSize(), READ_EXECUTE) == 0) {
        return;
      }
      String error = error(state);
      int ignored = (int) munmap.invokeExact(state, region, region.byteSize());
      throw new RefusedException(
          "the system does not let memory become executable (" + error + ")");
    } catch (RefusedException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static String error(MemorySegment state) {
    return "error " + (int) ERROR.get(state, 0L);
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, ERRNO);
  }
}
