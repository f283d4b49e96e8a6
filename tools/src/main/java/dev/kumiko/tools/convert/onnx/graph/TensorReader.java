package dev.kumiko.tools.convert.onnx.graph;

import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.onnx.graph.OnnxTensor.ElementType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Reads tensors, whose data is in the message or in a file beside the model. */
final class TensorReader {
  private static final int EXTERNAL = 1;

  private final Wire wire;
  private final ExternalData external;

  TensorReader(Wire wire, ExternalData external) {
    this.wire = wire;
    this.external = external;
  }

  OnnxTensor read() throws IOException {
    var fields =
        new Object() {
          String name = "";
          long type;
          boolean external;
          MemorySegment data;
          final Map<String, String> place = new HashMap<>();
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
            case 13 -> readPlace(fields.place);
            case 14 -> fields.external = wire.readLong("a tensor's data location") == EXTERNAL;
            default -> {
              return false;
            }
          }
          return true;
        });
    ElementType type = ElementType.of(fields.type, fields.name);
    MemorySegment data = fields.data;
    if (fields.external) {
      data = external.find(fields.name, fields.place);
    } else if (data == null) {
      data = encode(type, fields.integers.build().toArray());
    }
    OnnxTensor tensor =
        new OnnxTensor(fields.name, type, fields.shape.build().boxed().toList(), data);
    checkSize(tensor);
    return tensor;
  }

  private void readPlace(Map<String, String> place) throws IOException {
    String[] entry = {"", ""};
    wire.readMessage(
        "a tensor's place",
        field -> {
          if (field != 1 && field != 2) {
            return false;
          }
          entry[field - 1] = wire.readString("a tensor's place");
          return true;
        });
    place.put(entry[0], entry[1]);
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

  /** Returns a tensor of an attribute's numbers, which are little-endian. */
  static OnnxTensor constant(ElementType type, boolean scalar, long... bits) {
    return new OnnxTensor(
        "", type, scalar ? List.of() : List.of((long) bits.length), encode(type, bits));
  }
}
