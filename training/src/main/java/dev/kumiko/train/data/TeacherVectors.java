package dev.kumiko.train.data;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.zip.CRC32C;

/**
 * What a teacher says of every text of a column, computed once and kept in a file: a line of JSON
 * that names teacher and data, then for each example its vector as little-endian floats and their
 * CRC-32C. Rows stay in the file and are read one at a time.
 *
 * <p>The file is made under the name of the cache and {@code .part}; a process that is stopped
 * leaves the rows it has, and the next one goes on behind the last that is whole. It has its own
 * name only when it is complete and on the disk.
 *
 * <p>To teach a second language by translations, the vector of the first column is the target of
 * both columns of its example. Not safe for use by several threads.
 */
public final class TeacherVectors implements AutoCloseable {
  private static final int BATCH = 64;
  private static final int LONGEST_HEADER = 1 << 16;

  private final Path cache;
  private final FileChannel channel;
  private final long start;
  private final int rows;
  private final int size;

  /** Whoever computes vectors. */
  @FunctionalInterface
  public interface Teacher {
    /** Returns a vector for each text, all of the same size. */
    List<float[]> vectors(List<String> texts) throws IOException;
  }

  private TeacherVectors(Path cache, FileChannel channel, long start, int rows, int size) {
    this.cache = cache;
    this.channel = channel;
    this.start = start;
    this.rows = rows;
    this.size = size;
  }

  /**
   * Opens a cache, and computes what is missing.
   *
   * @param cache the file; what it says of teacher and data has to be the same
   * @param identity what changes when the teacher's vectors do: a digest of its file, and its
   *     settings
   * @param data the examples
   * @param column which text of each, from 0
   * @param size length of the teacher's vectors
   * @param teacher computes vectors
   * @param progress told how many examples are done
   * @throws DataException if the file is of another teacher or other data, or damaged
   * @throws IOException if a file cannot be read or written
   */
  public static TeacherVectors open(
      Path cache,
      String identity,
      DataFile data,
      int column,
      int size,
      Teacher teacher,
      IntConsumer progress)
      throws IOException {
    if (column < 0 || column >= data.columns().count()) {
      throw new IllegalArgumentException(
          "column %d of %d".formatted(column, data.columns().count()));
    }
    byte[] header = header(identity, data, column, size);
    if (!Files.exists(cache)) {
      compute(cache, header, data, column, size, teacher, progress);
    }
    FileChannel channel = FileChannel.open(cache);
    try {
      TeacherVectors vectors = new TeacherVectors(cache, channel, header.length, data.size(), size);
      vectors.check(header);
      return vectors;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static byte[] header(String identity, DataFile data, int column, int size) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("teacher", identity);
    members.put("data", data.identity());
    members.put("column", column);
    members.put("rows", data.size());
    members.put("size", size);
    byte[] header = (Json.text(members) + "\n").getBytes(StandardCharsets.UTF_8);
    if (header.length > LONGEST_HEADER) {
      throw new IllegalArgumentException("the teacher's identity is too long");
    }
    return header;
  }

  private void check(byte[] header) throws IOException {
    byte[] found = beginning(channel, header.length);
    if (!Arrays.equals(header, found)) {
      String line = new String(found, StandardCharsets.UTF_8).lines().findFirst().orElse("");
      throw new DataException(
          "%s: holds vectors of another teacher or of other data (%s, now %s); delete it or name another file"
              .formatted(cache, line, new String(header, StandardCharsets.UTF_8).strip()));
    }
    long expected = start + rows * rowBytes(size);
    if (channel.size() != expected) {
      throw new DataException(
          "%s: has %,d bytes, expected %,d; delete it, and it is computed again"
              .formatted(cache, channel.size(), expected));
    }
  }

  private static byte[] beginning(FileChannel channel, int most) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(most);
    read(channel, bytes, 0);
    byte[] found = new byte[bytes.position()];
    bytes.flip().get(found);
    return found;
  }

  private static void read(FileChannel channel, ByteBuffer target, long from) throws IOException {
    long at = from;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        return;
      }
      at += count;
    }
  }

  private static long rowBytes(int size) {
    return (long) size * Float.BYTES + Integer.BYTES;
  }

  private static void compute(
      Path cache,
      byte[] header,
      DataFile data,
      int column,
      int size,
      Teacher teacher,
      IntConsumer progress)
      throws IOException {
    Path part = cache.resolveSibling(cache.getFileName() + ".part");
    try (FileChannel channel =
        FileChannel.open(
            part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      FileLock lock = lock(channel, part);
      int done = resume(channel, header, size, data.size());
      while (done < data.size()) {
        progress.accept(done);
        int count = Math.min(BATCH, data.size() - done);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          texts.add(data.example(done + i).texts().get(column));
        }
        append(channel, teacher.vectors(texts), count, size, done);
        done += count;
      }
      progress.accept(done);
      channel.force(true);
      Files.move(part, cache, StandardCopyOption.ATOMIC_MOVE);
      lock.release();
    }
  }

  private static FileLock lock(FileChannel channel, Path part) throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this process.
    }
    if (lock == null) {
      throw new DataException(part + ": somebody else is computing these vectors");
    }
    return lock;
  }

  /** Returns how many rows are whole already, and cuts off what follows them. */
  private static int resume(FileChannel channel, byte[] header, int size, int rows)
      throws IOException {
    int done = 0;
    if (Arrays.equals(header, beginning(channel, header.length))) {
      while (done < rows && row(channel, header.length, done, size) != null) {
        done++;
      }
    } else {
      channel.truncate(0);
      write(channel, ByteBuffer.wrap(header));
    }
    channel.truncate(header.length + done * rowBytes(size));
    channel.position(header.length + done * rowBytes(size));
    return done;
  }

  private static void append(
      FileChannel channel, List<float[]> vectors, int count, int size, int first)
      throws IOException {
    if (vectors.size() != count) {
      throw new IllegalArgumentException(
          "%,d vectors for %,d texts".formatted(vectors.size(), count));
    }
    int rowBytes = Math.toIntExact(rowBytes(size));
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, rowBytes)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      float[] vector = vectors.get(i);
      if (vector.length != size) {
        throw new IllegalArgumentException(
            "a vector of %,d components, expected %,d".formatted(vector.length, size));
      }
      for (float component : vector) {
        bytes.putFloat(component);
      }
      bytes.putInt(checksum(bytes.array(), i * rowBytes, rowBytes - Integer.BYTES, first + i));
    }
    write(channel, bytes.flip());
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Of the row's number too: rows of zeros that were never written are no rows. */
  private static int checksum(byte[] bytes, int from, int length, int row) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    crc.update(row);
    crc.update(row >>> 8);
    crc.update(row >>> 16);
    crc.update(row >>> 24);
    return (int) crc.getValue();
  }

  /** Returns a row's bytes, or null if they are not what was written. */
  private static ByteBuffer row(FileChannel channel, long start, int row, int size)
      throws IOException {
    int length = Math.toIntExact(rowBytes(size));
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    read(channel, bytes, start + (long) row * length);
    boolean whole =
        !bytes.hasRemaining()
            && bytes.getInt(length - Integer.BYTES)
                == checksum(bytes.array(), 0, length - Integer.BYTES, row);
    return whole ? bytes.flip() : null;
  }

  /** Returns the length of the vectors. */
  public int size() {
    return size;
  }

  /**
   * Returns the teacher's vector for an example.
   *
   * @param number its number in the file of data, from 0
   * @throws DataException if its bytes are damaged
   */
  public float[] vector(int number) throws IOException {
    if (number < 0 || number >= rows) {
      throw new IndexOutOfBoundsException("example %,d of %,d".formatted(number, rows));
    }
    ByteBuffer bytes = row(channel, start, number, size);
    if (bytes == null) {
      throw new DataException(
          "%s: the vector of example %,d is damaged; delete the file, and it is computed again"
              .formatted(cache, number));
    }
    float[] vector = new float[size];
    bytes.asFloatBuffer().get(vector);
    return vector;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
