package dev.kumiko.kernel.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Memory between two pages that nobody may touch. */
@SuppressWarnings("restricted")
final class GuardedMemory {
  private static final long PAGE = 4096;

  private final MemorySegment usable;

  GuardedMemory(long size) throws Throwable {
    long pages = (size + PAGE - 1) / PAGE * PAGE;
    MethodHandle mmap =
        function(
            "mmap",
            FunctionDescriptor.of(
                ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    MethodHandle mprotect =
        function("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    MemorySegment all =
        (MemorySegment) mmap.invokeExact(MemorySegment.NULL, pages + 2 * PAGE, 0, 0x22, -1, 0L);
    usable = all.reinterpret(pages + 2 * PAGE).asSlice(PAGE, pages);
    if ((int) mprotect.invokeExact(usable, pages, 3) != 0) {
      throw new IllegalStateException("mprotect fails");
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }

  /** Returns memory of so many bytes that begins where it may, or ends there. */
  MemorySegment place(byte[] bytes, boolean atEnd) {
    long from = atEnd ? usable.byteSize() - bytes.length : 0;
    MemorySegment place = usable.asSlice(from, bytes.length);
    place.copyFrom(MemorySegment.ofArray(bytes));
    return place;
  }
}
