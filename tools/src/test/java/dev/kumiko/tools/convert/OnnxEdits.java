package dev.kumiko.tools.convert;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.function.UnaryOperator;

/** Changes an ONNX model for tests, field by field. The numbers are those of {@code onnx.proto}. */
final class OnnxEdits {
  static final int GRAPH = 7;
  static final int NODE = 1;
  static final int NODE_INPUT = 1;
  static final int NODE_OPERATOR = 4;
  static final int NODE_DOMAIN = 7;
  static final int INITIALIZER = 5;
  static final int TENSOR_DIMS = 1;
  static final int TENSOR_TYPE = 2;
  static final int TENSOR_NAME = 8;
  static final int TENSOR_RAW = 9;
  static final int TENSOR_LOCATION = 14;

  private OnnxEdits() {}

  /** Changes the graph. */
  static byte[] graph(byte[] model, UnaryOperator<UnknownFieldSet> change) {
    return messages(parse(model), GRAPH, change).toByteArray();
  }

  /** Changes every message in a repeated field; null drops it. */
  static UnknownFieldSet messages(
      UnknownFieldSet parent, int field, UnaryOperator<UnknownFieldSet> change) {
    Field.Builder changed = Field.newBuilder();
    for (ByteString message : parent.getField(field).getLengthDelimitedList()) {
      UnknownFieldSet after = change.apply(parse(message.toByteArray()));
      if (after != null) {
        changed.addLengthDelimited(after.toByteString());
      }
    }
    return parent.toBuilder().clearField(field).addField(field, changed.build()).build();
  }

  /** Changes every node. */
  static byte[] nodes(byte[] model, UnaryOperator<UnknownFieldSet> change) {
    return graph(model, graph -> messages(graph, NODE, change));
  }

  /** Changes the initialiser of a name; null drops it. */
  static byte[] initializer(byte[] model, String name, UnaryOperator<UnknownFieldSet> change) {
    return graph(
        model,
        graph ->
            messages(
                graph,
                INITIALIZER,
                tensor -> text(tensor, TENSOR_NAME).equals(name) ? change.apply(tensor) : tensor));
  }

  /** Adds an initialiser of type float and one dimension. */
  static byte[] addInitializer(byte[] model, String name, int elements) {
    UnknownFieldSet tensor =
        UnknownFieldSet.newBuilder()
            .addField(TENSOR_DIMS, number(elements))
            .addField(TENSOR_TYPE, number(1))
            .addField(TENSOR_NAME, bytes(ByteString.copyFromUtf8(name)))
            .addField(TENSOR_RAW, bytes(ByteString.copyFrom(new byte[4 * elements])))
            .build();
    return graph(
        model,
        graph -> graph.toBuilder().mergeField(INITIALIZER, bytes(tensor.toByteString())).build());
  }

  static UnknownFieldSet with(UnknownFieldSet message, int field, Field value) {
    return message.toBuilder().clearField(field).addField(field, value).build();
  }

  static Field number(long value) {
    return Field.newBuilder().addVarint(value).build();
  }

  static Field bytes(ByteString value) {
    return Field.newBuilder().addLengthDelimited(value).build();
  }

  static Field text(String value) {
    return bytes(ByteString.copyFromUtf8(value));
  }

  static String text(UnknownFieldSet message, int field) {
    var values = message.getField(field).getLengthDelimitedList();
    return values.isEmpty() ? "" : values.get(0).toStringUtf8();
  }

  static UnknownFieldSet parse(byte[] bytes) {
    try {
      return UnknownFieldSet.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
