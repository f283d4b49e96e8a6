package dev.kumiko.tools.convert.onnx.graph;

import dev.kumiko.tools.convert.onnx.graph.OnnxNode.Attribute;
import dev.kumiko.tools.convert.onnx.graph.OnnxTensor.ElementType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Reads the fields of an ONNX file that the converter needs. The field numbers are those of {@code
 * onnx.proto} (ONNX IR version 3 and later).
 */
public final class OnnxReader {
  private final Wire wire;
  private final TensorReader tensors;
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
  private final List<GraphInput> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();
  private long opset = 1;

  private OnnxReader(Wire wire, ExternalData external) {
    this.wire = wire;
    this.tensors = new TensorReader(wire, external);
  }

  /**
   * Reads a file.
   *
   * @param channel the file; may be closed afterwards
   * @param shownAs what messages call the file
   * @param folder where data in other files is looked for; empty if there can be none
   * @param arena how long the tensors stay readable
   * @throws IOException if the file cannot be read, is damaged, or has what Kumiko does not read
   */
  public static OnnxGraph read(
      FileChannel channel, String shownAs, Optional<Path> folder, Arena arena) throws IOException {
    Wire wire = new Wire(channel, shownAs, arena);
    OnnxReader reader = new OnnxReader(wire, new ExternalData(folder, arena));
    wire.readAll("the model", reader::modelField);
    if (reader.nodes.isEmpty()) {
      throw wire.damaged("it has no graph");
    }
    return new OnnxGraph(
        shownAs, reader.opset, reader.nodes, reader.initializers, reader.inputs, reader.outputs);
  }

  private boolean modelField(int field) throws IOException {
    switch (field) {
      case 7 -> wire.readMessage("the graph", this::graphField);
      case 8 -> readOpset();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void readOpset() throws IOException {
    var fields =
        new Object() {
          String domain = "";
          long version = 1;
        };
    wire.readMessage(
        "an operator set",
        field -> {
          switch (field) {
            case 1 -> fields.domain = wire.readString("an operator set's domain");
            case 2 -> fields.version = wire.readLong("an operator set's version");
            default -> {
              return false;
            }
          }
          return true;
        });
    if (isOnnx(fields.domain)) {
      opset = fields.version;
    }
  }

  private static boolean isOnnx(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private boolean graphField(int field) throws IOException {
    switch (field) {
      case 1 -> nodes.add(readNode());
      case 5 -> {
        OnnxTensor tensor = tensors.read();
        if (initializers.put(tensor.name(), tensor) != null) {
          throw wire.damaged("tensor %s is there twice".formatted(tensor.name()));
        }
      }
      case 11 -> inputs.add(new InputReader(wire).read());
      case 12 -> outputs.add(new InputReader(wire).read().name());
      case 15 -> throw wire.damaged("it has sparse tensors, which Kumiko does not read");
      default -> {
        return false;
      }
    }
    return true;
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
    String domain = isOnnx(fields.domain) ? "" : fields.domain;
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
            case 5 -> fields.tensor = tensors.read();
            case 8 -> wire.readLongs("an attribute's integers", fields.integers);
            default -> {
              return false;
            }
          }
          return true;
        });
    long[] integers = fields.integers.build().toArray();
    // The short forms of a Constant's value.
    switch (fields.name) {
      case "value_float" ->
          fields.tensor =
              TensorReader.constant(
                  ElementType.FLOAT, true, Float.floatToRawIntBits(fields.number));
      case "value_int" -> fields.tensor = TensorReader.constant(ElementType.INT64, true, integers);
      case "value_ints" ->
          fields.tensor = TensorReader.constant(ElementType.INT64, false, integers);
      default -> {}
    }
    attributes.put(
        fields.name.startsWith("value_") ? "value" : fields.name,
        new Attribute(
            fields.number, LongStream.of(integers).boxed().toList(), fields.text, fields.tensor));
  }
}
