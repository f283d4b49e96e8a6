package dev.kumiko.format;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Memory outside the Java heap that is filled from a stream. It grows with what has arrived, since
 * the size that a stream announces is not to be believed.
 */
final class StreamMemory implements AutoCloseable {
  private static final long FIRST_SIZE = 16L << 20;
  private static final int ALIGNMENT = 64;

  private Arena arena = Arena.ofShared();
  private MemorySegment segment = MemorySegment.NULL;

  /** Reads up to {@code size} bytes and returns how many there were. */
  long fill(InputStream in, long size) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long filled = 0;
    while (filled < size) {
      if (filled == segment.byteSize()) {
        grow(Math.min(size, Math.max(FIRST_SIZE, 2 * filled)));
      }
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, segment.byteSize() - filled));
      if (read < 0) {
        break;
      }
      MemorySegment.copy(buffer, 0, segment, ValueLayout.JAVA_BYTE, filled, read);
      filled += read;
    }
    return filled;
  }

  /** Returns the memory, as large as what was asked for once all of it has arrived. */
  MemorySegment segment() {
    return segment;
  }

  /** Returns what keeps the memory. */
  Arena arena() {
    return arena;
  }

  @Override
  public void close() {
    arena.close();
  }

  private void grow(long size) {
    Arena larger = Arena.ofShared();
    try {
      MemorySegment grown = larger.allocate(size, ALIGNMENT);
      MemorySegment.copy(segment, 0, grown, 0, segment.byteSize());
      segment = grown;
    } catch (OutOfMemoryError e) {
      larger.close();
      throw e;
    }
    arena.close();
    arena = larger;
  }
}
