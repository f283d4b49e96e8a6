package dev.kumiko.bench.onnx;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes an ONNX model piece by piece; the field numbers are those of {@code onnx.proto}. Protobuf
 * joins the parts of one message that follow each other in a file, so that every node and tensor is
 * written as a graph of its own as soon as it is there. Not safe for concurrent use.
 */
final class OnnxWriter implements AutoCloseable {
  /** The domain of ONNX Runtime's own operators. */
  static final String MICROSOFT = "com.microsoft";

  /** Element types. */
  enum ElementType {
    FLOAT(1),
    INT32(6),
    INT64(7);

    private final int number;

    ElementType(int number) {
      this.number = number;
    }

    /** Returns what ONNX calls it. */
    int number() {
      return number;
    }
  }

  private static final int IR_VERSION = 9;
  private static final int OPERATORS = 18;
  private static final int FLOAT_ATTRIBUTE = 1;
  private static final int INT_ATTRIBUTE = 2;
  private static final int CHUNK = 1 << 14;

  private final Path file;
  private final OutputStream stream;
  private final CodedOutputStream out;
  private long bytes;

  /** Writes the fields of a message. */
  @FunctionalInterface
  private interface Fields {
    void write(CodedOutputStream to) throws IOException;
  }

  /** Begins a model. */
  OnnxWriter(Path file) throws IOException {
    this.file = file;
    stream = new BufferedOutputStream(Files.newOutputStream(file));
    out = CodedOutputStream.newInstance(stream);
    out.writeInt64(1, IR_VERSION);
    out.writeString(2, "kumiko-bench");
    operators("", OPERATORS);
    operators(MICROSOFT, 1);
    graph(2, text("encoder"));
  }

  private void operators(String domain, long version) throws IOException {
    byte[] set =
        message(
            to -> {
              to.writeString(1, domain);
              to.writeInt64(2, version);
            });
    out.writeByteArray(8, set);
  }

  /** Declares an input; sizes that are not known have names. */
  String input(String name, ElementType type, String... sizes) throws IOException {
    graph(11, value(name, type, sizes));
    return name;
  }

  /** Declares an output. */
  void output(String name, ElementType type, String... sizes) throws IOException {
    graph(12, value(name, type, sizes));
  }

  private static byte[] value(String name, ElementType type, String... sizes) {
    byte[] shape =
        message(
            to -> {
              for (String size : sizes) {
                to.writeByteArray(1, message(dimension -> dimension.writeString(2, size)));
              }
            });
    byte[] tensor =
        message(
            to -> {
              to.writeInt32(1, type.number());
              to.writeByteArray(2, shape);
            });
    return message(
        to -> {
          to.writeString(1, name);
          to.writeByteArray(2, message(kind -> kind.writeByteArray(1, tensor)));
        });
  }

  /**
   * Adds a node.
   *
   * @param attributes whole numbers or floats, by name
   * @return the first output
   */
  String node(
      String domain,
      String operator,
      List<String> inputs,
      List<String> outputs,
      Map<String, Number> attributes)
      throws IOException {
    graph(
        1,
        message(
            to -> {
              for (String input : inputs) {
                to.writeString(1, input);
              }
              for (String output : outputs) {
                to.writeString(2, output);
              }
              to.writeString(3, outputs.getFirst());
              to.writeString(4, operator);
              for (Map.Entry<String, Number> attribute : attributes.entrySet()) {
                to.writeByteArray(5, attribute(attribute.getKey(), attribute.getValue()));
              }
              to.writeString(7, domain);
            }));
    return outputs.getFirst();
  }

  private static byte[] attribute(String name, Number value) {
    return message(
        to -> {
          to.writeString(1, name);
          if (value instanceof Float number) {
            to.writeFloat(2, number);
            to.writeInt32(20, FLOAT_ATTRIBUTE);
          } else {
            to.writeInt64(3, value.longValue());
            to.writeInt32(20, INT_ATTRIBUTE);
          }
        });
  }

  /**
   * Adds a tensor of floats.
   *
   * @return the name
   * @throws IOException if the model becomes too large for one message of protobuf
   */
  String floats(String name, float[] values, long... shape) throws IOException {
    int size = Math.multiplyExact(values.length, Float.BYTES);
    tensor(name, ElementType.FLOAT, size, shape);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int length = Math.min(CHUNK, values.length - from);
      chunk.clear().asFloatBuffer().put(values, from, length);
      out.writeRawBytes(chunk.array(), 0, length * Float.BYTES);
    }
    return name;
  }

  /** Adds a tensor of whole numbers. */
  String integers(String name, long[] values, long... shape) throws IOException {
    tensor(name, ElementType.INT64, values.length * Long.BYTES, shape);
    ByteBuffer data = ByteBuffer.allocate(values.length * Long.BYTES);
    data.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    out.writeRawBytes(data.array());
    return name;
  }

  /** Begins a tensor; its data, {@code size} bytes, has to follow. */
  private void tensor(String name, ElementType type, int size, long... shape) throws IOException {
    byte[] description =
        message(
            to -> {
              for (long dimension : shape) {
                to.writeInt64(1, dimension);
              }
              to.writeInt32(2, type.number());
              to.writeString(8, name);
            });
    long length = description.length + prefix(9, size) + (long) size;
    bytes += length + prefix(5, length);
    if (bytes > Integer.MAX_VALUE) {
      throw new IOException(
          "%s: with tensor %s the model has %,d bytes; an ONNX file, being one protobuf message, has at most %,d. Give it fewer rows of tokens"
              .formatted(file, name, bytes, Integer.MAX_VALUE));
    }
    begin(7, prefix(5, length) + length);
    begin(5, length);
    out.writeRawBytes(description);
    begin(9, size);
  }

  private void begin(int field, long length) throws IOException {
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(Math.toIntExact(length));
  }

  /** Returns how many bytes say that a field with so many bytes follows. */
  private static long prefix(int field, long length) {
    return (long) CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt64SizeNoTag(length);
  }

  private void graph(int field, byte[] value) throws IOException {
    byte[] part = message(to -> to.writeByteArray(field, value));
    bytes += part.length;
    out.writeByteArray(7, part);
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream to = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(to);
      to.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // no file is written to
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() throws IOException {
    out.flush();
    stream.close();
  }
}
