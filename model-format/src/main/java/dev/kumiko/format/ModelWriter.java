package dev.kumiko.format;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a model file: collects metadata and tensors, then writes all of it at once. Equal input
 * gives equal bytes. Not safe for use by several threads.
 *
 * <p>Arrays and segments are not copied; they must not change before {@link #write} returns.
 */
public final class ModelWriter {
  /** Where the tensors begin is a multiple of this, counted from the file's first byte. */
  public static final int ALIGNMENT = 64;

  private static final int CHUNK = 1 << 16;

  private final Path target;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Declared> tensors = new LinkedHashMap<>();

  /** Writes the bytes of a tensor when they are wanted, so that a model may exceed the memory. */
  @FunctionalInterface
  public interface Source {
    /**
     * Writes exactly the bytes of the tensor, row-major and little-endian.
     *
     * @param out to write to; stays open
     * @throws IOException if reading or writing fails
     */
    void writeTo(OutputStream out) throws IOException;
  }

  private record Declared(DType type, List<Long> shape, long bytes, Source source) {}

  /**
   * Prepares a file; nothing is touched before {@link #write}.
   *
   * @param target the file to be written
   */
  public ModelWriter(Path target) {
    this.target = target;
  }

  /**
   * Adds a piece of metadata after those already there.
   *
   * @param key must not be there yet
   * @param value any text
   * @return this writer
   */
  public ModelWriter metadata(String key, String value) {
    if (metadata.put(key, value) != null) {
      throw new IllegalArgumentException("metadata key added twice: " + key);
    }
    return this;
  }

  /**
   * Adds metadata in the map's order.
   *
   * @param entries by key
   * @return this writer
   */
  public ModelWriter metadata(Map<String, String> entries) {
    entries.forEach(this::metadata);
    return this;
  }

  /**
   * Adds a tensor after those already there.
   *
   * @param name its name
   * @param type type of the elements
   * @param shape its shape, outermost dimension first
   * @param source writes its bytes; called once by each {@link #write}
   * @return this writer
   * @throws IllegalArgumentException if the name is taken or the shape is impossible
   */
  public ModelWriter tensor(String name, DType type, long[] shape, Source source) {
    if (name.equals(Header.METADATA)) {
      throw new IllegalArgumentException("no tensor can be named " + name);
    }
    long bytes = type.bytes();
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(name + ": negative shape " + Arrays.toString(shape));
      }
      bytes = Math.multiplyExact(bytes, dimension);
    }
    List<Long> dimensions = Arrays.stream(shape).boxed().toList();
    if (tensors.put(name, new Declared(type, dimensions, bytes, source)) != null) {
      throw new IllegalArgumentException("tensor added twice: " + name);
    }
    return this;
  }

  /**
   * Adds an {@link DType#F32} tensor.
   *
   * @param name its name
   * @param values its elements, row-major; read when the file is written
   * @param shape outermost dimension first
   * @return this writer
   */
  public ModelWriter floats(String name, float[] values, long... shape) {
    tensor(name, DType.F32, shape, out -> writeFloats(out, values));
    return checkBytes(name, 4L * values.length);
  }

  /**
   * Adds an {@link DType#I32} tensor.
   *
   * @param name its name
   * @param values its elements, row-major; read when the file is written
   * @param shape outermost dimension first
   * @return this writer
   */
  public ModelWriter ints(String name, int[] values, long... shape) {
    tensor(name, DType.I32, shape, out -> writeInts(out, values));
    return checkBytes(name, 4L * values.length);
  }

  /**
   * Adds a tensor of any type from its little-endian bytes.
   *
   * @param name its name
   * @param type of the elements
   * @param values its elements, row-major; read when the file is written
   * @param shape outermost dimension first
   * @return this writer
   */
  public ModelWriter bytes(String name, DType type, byte[] values, long... shape) {
    tensor(name, type, shape, out -> out.write(values));
    return checkBytes(name, values.length);
  }

  /**
   * Adds a tensor of any type from its little-endian bytes.
   *
   * @param name its name
   * @param type of the elements
   * @param values its elements, row-major; read when the file is written
   * @param shape outermost dimension first
   * @return this writer
   */
  public ModelWriter segment(String name, DType type, MemorySegment values, long... shape) {
    tensor(name, type, shape, out -> writeSegment(out, values));
    return checkBytes(name, values.byteSize());
  }

  /**
   * Adds a copy of another file's tensor under another name.
   *
   * @param name the new name
   * @param tensor stays readable until the file is written
   * @return this writer
   */
  public ModelWriter copy(String name, Tensor tensor) {
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    return segment(name, tensor.type(), tensor.data(), shape);
  }

  /**
   * Writes the file: first under another name in the same directory, and only when it is complete
   * and on the disk under its own, replacing what was there. After an exception nothing has
   * changed.
   *
   * @throws IOException if the file cannot be written, a source fails, or a source writes more or
   *     fewer bytes than its tensor has
   */
  public void write() throws IOException {
    byte[] header = header();
    AtomicFile.write(
        target,
        out -> {
          out.write(header);
          for (Map.Entry<String, Declared> tensor : tensors.entrySet()) {
            Declared declared = tensor.getValue();
            CountedOutput counted = new CountedOutput(out, declared.bytes(), tensor.getKey());
            declared.source().writeTo(counted);
            counted.checkComplete();
          }
        });
  }

  private byte[] header() throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      json.put(Header.METADATA, metadata);
    }
    long begin = 0;
    for (Map.Entry<String, Declared> tensor : tensors.entrySet()) {
      Declared declared = tensor.getValue();
      long end = Math.addExact(begin, declared.bytes());
      Map<String, Object> info = new LinkedHashMap<>();
      info.put("dtype", declared.type().name());
      info.put("shape", declared.shape());
      info.put("data_offsets", List.of(begin, end));
      json.put(tensor.getKey(), info);
      begin = end;
    }
    byte[] text = Json.text(json).getBytes(StandardCharsets.UTF_8);
    int unpadded = Header.PREFIX + text.length;
    int padded = Math.ceilDiv(unpadded, ALIGNMENT) * ALIGNMENT;
    if (padded - Header.PREFIX > Header.MAX_LENGTH) {
      throw new IOException(
          String.format(
              "%s: not written: its header would have %d bytes, but at most %d are allowed",
              target, padded - Header.PREFIX, Header.MAX_LENGTH));
    }
    ByteBuffer header = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.fill(header.array(), (byte) ' ');
    header.putLong(padded - Header.PREFIX).put(text);
    return header.array();
  }

  private ModelWriter checkBytes(String name, long bytes) {
    Declared declared = tensors.get(name);
    if (declared.bytes() != bytes) {
      throw new IllegalArgumentException(
          String.format(
              "%s: %s %s needs %d bytes, but %d were given",
              name, declared.type(), declared.shape(), declared.bytes(), bytes));
    }
    return this;
  }

  private static void writeFloats(OutputStream out, float[] values) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK / 4) {
      int count = Math.min(CHUNK / 4, values.length - from);
      chunk.asFloatBuffer().put(values, from, count);
      out.write(chunk.array(), 0, 4 * count);
    }
  }

  private static void writeInts(OutputStream out, int[] values) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK / 4) {
      int count = Math.min(CHUNK / 4, values.length - from);
      chunk.asIntBuffer().put(values, from, count);
      out.write(chunk.array(), 0, 4 * count);
    }
  }

  private static void writeSegment(OutputStream out, MemorySegment values) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (long from = 0; from < values.byteSize(); from += CHUNK) {
      int count = (int) Math.min(CHUNK, values.byteSize() - from);
      MemorySegment.copy(values, ValueLayout.JAVA_BYTE, from, chunk, 0, count);
      out.write(chunk, 0, count);
    }
  }
}
