package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.onnx.OnnxNode.Attribute;
import dev.kumiko.tools.convert.onnx.OnnxTensor.ElementType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Reads the fields of an ONNX file that the converter needs. The field numbers are those of {@code
 * onnx.proto} (ONNX IR version 3 and later).
 */
final class OnnxReader {
  private static final int EXTERNAL = 1;

  private final Wire wire;
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
  private final List<String> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();

  private OnnxReader(Wire wire) {
    this.wire = wire;
  }

  /**
   * Reads a file.
   *
   * @param shownAs what messages call the file
   * @param arena how long the tensors stay readable
   */
  static OnnxGraph read(Path path, String shownAs, Arena arena) throws IOException {
    try (Wire wire = new Wire(path, shownAs, arena)) {
      OnnxReader reader = new OnnxReader(wire);
      wire.readAll("the model", reader::modelField);
      if (reader.nodes.isEmpty()) {
        throw wire.damaged("it has no graph");
      }
      return new OnnxGraph(
          shownAs, reader.nodes, reader.initializers, reader.inputs, reader.outputs);
    }
  }

  private boolean modelField(int field) throws IOException {
    if (field != 7) {
      return false;
    }
    wire.readMessage("the graph", this::graphField);
    return true;
  }

  private boolean graphField(int field) throws IOException {
    switch (field) {
      case 1 -> nodes.add(readNode());
      case 5 -> {
        OnnxTensor tensor = readTensor();
        if (initializers.put(tensor.name(), tensor) != null) {
          throw wire.damaged("tensor %s is there twice".formatted(tensor.name()));
        }
      }
      case 11 -> inputs.add(readValueName());
      case 12 -> outputs.add(readValueName());
      case 15 -> throw wire.damaged("it has sparse tensors, which Kumiko does not read");
      default -> {
        return false;
      }
    }
    return true;
  }

  private String readValueName() throws IOException {
    String[] name = {""};
    wire.readMessage(
        "a graph input or output",
        field -> {
          if (field != 1) {
            return false;
          }
          name[0] = wire.readString("its name");
          return true;
        });
    return name[0];
  }

  private OnnxNode readNode() throws IOException {
    var fields =
        new Object() {
          String name = "";
          String operator = "";
          String domain = "";
          final List<String> inputs = new ArrayList<>();
          final List<String> outputs = new ArrayList<>();
          final Map<String, Attribute> attributes = new HashMap<>();
        };
    wire.readMessage(
        "a node",
        field -> {
          switch (field) {
            case 1 -> fields.inputs.add(wire.readString("a node's input"));
            case 2 -> fields.outputs.add(wire.readString("a node's output"));
            case 3 -> fields.name = wire.readString("a node's name");
            case 4 -> fields.operator = wire.readString("a node's operator");
            case 5 -> readAttribute(fields.attributes);
            case 7 -> fields.domain = wire.readString("a node's domain");
            default -> {
              return false;
            }
          }
          return true;
        });
    if (fields.outputs.isEmpty()) {
      throw wire.damaged("node %s has no output".formatted(fields.name));
    }
    String domain = fields.domain.equals("ai.onnx") ? "" : fields.domain;
    return new OnnxNode(
        fields.name, fields.operator, domain, fields.inputs, fields.outputs, fields.attributes);
  }

  private void readAttribute(Map<String, Attribute> attributes) throws IOException {
    var fields =
        new Object() {
          String name = "";
          float number;
          String text = "";
          OnnxTensor tensor;
          final LongStream.Builder integers = LongStream.builder();
        };
    wire.readMessage(
        "an attribute",
        field -> {
          switch (field) {
            case 1 -> fields.name = wire.readString("an attribute's name");
            case 2 -> fields.number = wire.readFloat("an attribute's number");
            case 3 -> fields.integers.add(wire.readLong("an attribute's integer"));
            case 4 -> fields.text = wire.readString("an attribute's text");
            case 5 -> fields.tensor = readTensor();
            case 8 -> wire.readLongs("an attribute's integers", fields.integers);
            default -> {
              return false;
            }
          }
          return true;
        });
    attributes.put(
        fields.name,
        new Attribute(
            fields.number, fields.integers.build().boxed().toList(), fields.text, fields.tensor));
  }

  private OnnxTensor readTensor() throws IOException {
    var fields =
        new Object() {
          String name = "";
          long type;
          boolean external;
          MemorySegment data;
          final LongStream.Builder shape = LongStream.builder();
          final LongStream.Builder integers = LongStream.builder();
        };
    wire.readMessage(
        "a tensor",
        field -> {
          switch (field) {
            case 1 -> wire.readLongs("a tensor's shape", fields.shape);
            case 2 -> fields.type = wire.readLong("a tensor's type");
            // Packed floats and doubles are little-endian on the wire, exactly like raw data.
            case 4, 9, 10 -> fields.data = wire.readBytes("a tensor's data");
            case 5, 7 -> wire.readLongs("a tensor's data", fields.integers);
            case 8 -> fields.name = wire.readString("a tensor's name");
            case 14 -> fields.external = wire.readLong("a tensor's data location") == EXTERNAL;
            default -> {
              return false;
            }
          }
          return true;
        });
    ElementType type = ElementType.of(fields.type, fields.name);
    if (fields.external) {
      throw new ConversionException(
          "The data of tensor %s is in another file (ONNX external data), which Kumiko does not "
                  .formatted(fields.name)
              + "read. Save the model as a single .onnx file, or convert the Hugging Face folder.");
    }
    MemorySegment data =
        fields.data == null ? encode(type, fields.integers.build().toArray()) : fields.data;
    OnnxTensor tensor =
        new OnnxTensor(fields.name, type, fields.shape.build().boxed().toList(), data);
    checkSize(tensor);
    return tensor;
  }

  /** Integers come as variable-length numbers; the types below 64 bits share one field. */
  private static MemorySegment encode(ElementType type, long[] integers) {
    int width = type.dtype() == null ? Long.BYTES : type.dtype().bytes();
    byte[] bytes = new byte[integers.length * width];
    var longLayout = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    MemorySegment wide = MemorySegment.ofArray(new byte[Long.BYTES]);
    MemorySegment data = MemorySegment.ofArray(bytes);
    for (int i = 0; i < integers.length; i++) {
      wide.set(longLayout, 0, integers[i]);
      MemorySegment.copy(wide, 0, data, (long) i * width, width);
    }
    return data;
  }

  private void checkSize(OnnxTensor tensor) throws ConversionException {
    if (tensor.type().dtype() == null) {
      return;
    }
    long expected;
    try {
      if (tensor.shape().stream().anyMatch(dimension -> dimension < 0)) {
        throw new ArithmeticException("negative dimension");
      }
      expected = Math.multiplyExact(tensor.elements(), (long) tensor.type().dtype().bytes());
    } catch (ArithmeticException e) {
      throw wire.damaged("tensor %s has the shape %s".formatted(tensor.name(), tensor.shape()));
    }
    if (expected != tensor.data().byteSize()) {
      throw wire.damaged(
          "tensor %s of shape %s and type %s needs %,d bytes and has %,d"
              .formatted(
                  tensor.name(),
                  tensor.shape(),
                  tensor.type(),
                  expected,
                  tensor.data().byteSize()));
    }
  }
}
