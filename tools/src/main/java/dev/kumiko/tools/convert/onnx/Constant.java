package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.Weight;
import dev.kumiko.tools.convert.onnx.graph.OnnxGraph;
import dev.kumiko.tools.convert.onnx.graph.OnnxNode;
import dev.kumiko.tools.convert.onnx.graph.OnnxTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A constant of a graph, perhaps behind a Cast or a Transpose that the exporter left in.
 *
 * @param tensor the stored tensor
 * @param transposed whether the graph uses it with its two axes exchanged
 */
record Constant(OnnxTensor tensor, boolean transposed) {
  private static final long[] EXCHANGED = {1, 0};

  /** Finds the constant that a value is. */
  static Optional<Constant> find(OnnxGraph graph, String value) {
    String source = value;
    boolean transposed = false;
    while (true) {
      Optional<OnnxTensor> tensor = graph.constant(source);
      if (tensor.isPresent()) {
        boolean known = tensor.get().type().dtype() != null;
        return known ? Optional.of(new Constant(tensor.get(), transposed)) : Optional.empty();
      }
      Optional<OnnxNode> node = graph.producer(source);
      if (node.isEmpty()) {
        return Optional.empty();
      }
      boolean exchange =
          node.get().is("Transpose") && Arrays.equals(node.get().integers("perm"), EXCHANGED);
      if (!exchange && !node.get().is("Cast") && !node.get().is("Identity")) {
        return Optional.empty();
      }
      transposed ^= exchange;
      source = node.get().input(0);
    }
  }

  /** Whether this is a matrix of floating-point numbers. */
  boolean isMatrix() {
    return tensor.isFloating() && tensor.shape().size() == 2;
  }

  /** Whether this is a vector of floating-point numbers, or a stack of one. */
  boolean isVector() {
    return tensor.isFloating()
        && !tensor.shape().isEmpty()
        && tensor.shape().getLast() == tensor.elements();
  }

  /** Returns the matrix, or its transpose. */
  Weight matrix(boolean transpose) {
    boolean exchanged = transposed != transpose;
    List<Long> shape = tensor.shape();
    return new Weight(
        tensor.name(),
        tensor.type().dtype(),
        exchanged ? shape.reversed() : shape,
        tensor.data(),
        exchanged);
  }

  /** Returns the rows of whatever has rows of {@code columns}. */
  Weight rows(int columns) {
    List<Long> shape = List.of(tensor.elements() / columns, (long) columns);
    return new Weight(tensor.name(), tensor.type().dtype(), shape, tensor.data(), false);
  }

  /** Returns the vector. */
  Weight vector() {
    List<Long> shape = List.of(tensor.elements());
    return new Weight(tensor.name(), tensor.type().dtype(), shape, tensor.data(), false);
  }
}
