package dev.kumiko.train.data;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * What a teacher says of the texts of a column, computed when it is asked for the first time and
 * kept in a file: a line of JSON that names teacher and data, then a place for each example, its
 * vector as little-endian floats and their CRC-32C. Rows stay in the file; none is kept in memory.
 *
 * <p>A process that is killed leaves the rows it has written, and the next one goes on with them. A
 * row that was never written is zeros, which the checksum, of the row's number too, does not allow.
 * What is damaged is computed again, and so is everything in a file that is of another teacher or
 * of other data; it is said each time.
 *
 * <p>A file belongs to one process at a time. Not safe for use by several threads.
 */
public final class TeacherVectors implements AutoCloseable {
  private static final int HEAD = 16;

  private final Path cache;
  private final FileChannel channel;
  private final Consumer<String> notes;
  private final int start;
  private final int rows;
  private final int size;

  /** Whoever computes vectors. */
  @FunctionalInterface
  public interface Teacher {
    /**
     * Returns a vector for each text, all of the same size.
     *
     * @param texts in any number
     * @return one for each example, in their order
     * @throws IOException if the teacher cannot be read
     */
    List<float[]> vectors(List<String> texts) throws IOException;
  }

  private TeacherVectors(
      Path cache, FileChannel channel, Consumer<String> notes, int start, int rows, int size) {
    this.cache = cache;
    this.channel = channel;
    this.notes = notes;
    this.start = start;
    this.rows = rows;
    this.size = size;
  }

  /**
   * Opens a cache, or begins one. Its name follows from teacher and data.
   *
   * @param folder where it lies
   * @param teacher what changes when the teacher's vectors do: a digest of its file, and its
   *     settings
   * @param data the examples
   * @param column which text of each, from 0
   * @param size length of the teacher's vectors
   * @param notes told what is damaged and computed again
   * @return the cache, to be closed
   * @throws DataException if another process has opened it
   * @throws IOException if the file cannot be read or written
   */
  public static TeacherVectors open(
      Path folder, String teacher, DataFile data, int column, int size, Consumer<String> notes)
      throws IOException {
    if (column < 0 || column >= data.columns().count()) {
      throw new IllegalArgumentException(
          "column %d of %d".formatted(column, data.columns().count()));
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("teacher", teacher);
    members.put("data", data.identity());
    members.put("column", column);
    members.put("rows", data.size());
    members.put("size", size);
    String header = Json.text(members) + "\n";
    Path cache =
        folder.resolve("teacher-%s.vectors".formatted(FileHash.of(header).substring(0, HEAD)));
    FileChannel channel =
        FileChannel.open(
            cache, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      lock(channel, cache);
      byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
      TeacherVectors vectors =
          new TeacherVectors(cache, channel, notes, bytes.length, data.size(), size);
      vectors.begin(bytes);
      return vectors;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void lock(FileChannel channel, Path cache) throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this process.
    }
    if (lock == null) {
      throw new DataException(cache + ": somebody else is computing these vectors");
    }
  }

  private void begin(byte[] header) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(header.length);
    read(found, 0);
    if (Arrays.equals(header, found.array())) {
      return;
    }
    if (channel.size() > 0) {
      notes.accept(
          cache + ": holds vectors of another teacher or of other data; they are computed again");
      channel.truncate(0);
    }
    write(ByteBuffer.wrap(header), 0);
  }

  private void read(ByteBuffer target, long from) throws IOException {
    long at = from;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        return;
      }
      at += count;
    }
  }

  private void write(ByteBuffer bytes, long from) throws IOException {
    long at = from;
    try {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw new IOException("%s: not written: %s".formatted(cache, e.getMessage()), e);
    }
  }

  /**
   * Returns the teacher's vectors for some examples; those that are not there are computed, all at
   * once.
   *
   * @param numbers the examples' numbers in the file of data, from 0
   * @param texts the text of each
   * @param teacher computes vectors
   * @return one for each example, in their order
   * @throws IOException if the file cannot be read or written
   */
  public List<float[]> vectors(List<Integer> numbers, List<String> texts, Teacher teacher)
      throws IOException {
    float[][] vectors = new float[numbers.size()][];
    Map<String, List<Integer>> missing = new LinkedHashMap<>();
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = row(numbers.get(i));
      if (vectors[i] == null) {
        missing.computeIfAbsent(texts.get(i), text -> new ArrayList<>()).add(i);
      }
    }
    if (!missing.isEmpty()) {
      compute(missing, teacher, vectors);
      Map<Integer, float[]> computed = new TreeMap<>();
      missing.values().forEach(of -> of.forEach(i -> computed.put(numbers.get(i), vectors[i])));
      for (Map.Entry<Integer, float[]> entry : computed.entrySet()) {
        write(entry.getKey(), entry.getValue());
      }
    }
    return List.of(vectors);
  }

  private void compute(Map<String, List<Integer>> missing, Teacher teacher, float[][] vectors)
      throws IOException {
    List<float[]> computed = teacher.vectors(List.copyOf(missing.keySet()));
    if (computed.size() != missing.size()) {
      throw new IllegalArgumentException(
          "%,d vectors for %,d texts".formatted(computed.size(), missing.size()));
    }
    int next = 0;
    for (List<Integer> places : missing.values()) {
      float[] vector = computed.get(next++);
      if (vector.length != size) {
        throw new IllegalArgumentException(
            "a vector of %,d components, expected %,d".formatted(vector.length, size));
      }
      places.forEach(place -> vectors[place] = vector);
    }
  }

  private int rowBytes() {
    return Math.addExact(Math.multiplyExact(size, Float.BYTES), Integer.BYTES);
  }

  private long place(int number) {
    if (number < 0 || number >= rows) {
      throw new IndexOutOfBoundsException("example %,d of %,d".formatted(number, rows));
    }
    return start + (long) number * rowBytes();
  }

  private void write(int number, float[] vector) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (float component : vector) {
      bytes.putFloat(component);
    }
    bytes.putInt(checksum(bytes.array(), number));
    write(bytes.flip(), place(number));
  }

  /** Returns a row, or null if it is not there. */
  private float[] row(int number) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    read(bytes, place(number));
    byte[] found = bytes.array();
    if (bytes.getInt(found.length - Integer.BYTES) != checksum(found, number)) {
      if (!Arrays.equals(found, new byte[found.length])) {
        notes.accept(
            "%s: the vector of example %,d is damaged; it is computed again"
                .formatted(cache, number + 1));
      }
      return null;
    }
    float[] vector = new float[size];
    bytes.flip().asFloatBuffer().get(vector);
    return vector;
  }

  private static int checksum(byte[] row, int number) {
    CRC32C crc = new CRC32C();
    crc.update(row, 0, row.length - Integer.BYTES);
    crc.update(number);
    crc.update(number >>> 8);
    crc.update(number >>> 16);
    crc.update(number >>> 24);
    return (int) crc.getValue();
  }

  /** {@return the file} */
  public Path file() {
    return cache;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
