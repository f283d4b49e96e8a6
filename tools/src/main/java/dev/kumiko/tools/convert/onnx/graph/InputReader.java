package dev.kumiko.tools.convert.onnx.graph;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the name and the shape of an input or output of the graph. */
final class InputReader {
  private final Wire wire;
  private final List<Long> shape = new ArrayList<>();
  private String name = "";

  InputReader(Wire wire) {
    this.wire = wire;
  }

  GraphInput read() throws IOException {
    wire.readMessage(
        "a graph input or output",
        field -> {
          switch (field) {
            case 1 -> name = wire.readString("its name");
            // ValueInfoProto.type, TypeProto.tensor_type, Tensor.shape, TensorShapeProto.dim
            case 2 -> nested(1, () -> nested(2, () -> nested(1, this::readDimension)));
            default -> {
              return false;
            }
          }
          return true;
        });
    return new GraphInput(name, shape);
  }

  private interface Step {
    void read() throws IOException;
  }

  private void nested(int wanted, Step step) throws IOException {
    wire.readMessage(
        "the type of " + name,
        field -> {
          if (field != wanted) {
            return false;
          }
          step.read();
          return true;
        });
  }

  private void readDimension() throws IOException {
    long[] dimension = {-1};
    wire.readMessage(
        "a dimension of " + name,
        field -> {
          if (field != 1) {
            return false;
          }
          dimension[0] = wire.readLong("a dimension of " + name);
          return true;
        });
    shape.add(dimension[0]);
  }
}
