package dev.kumiko.tools.convert.onnx.evaluate;

import dev.kumiko.tools.convert.onnx.graph.OnnxNode;
import java.util.List;

/** Computes the first output of a node. */
@FunctionalInterface
interface Operator {
  /**
   * Computes a node.
   *
   * @throws RuntimeException if the inputs do not fit
   */
  Array apply(Arguments arguments);

  /**
   * What a node is computed from.
   *
   * @param node the node
   * @param inputs its inputs; null for one left out
   * @param opset the version of the operators
   */
  record Arguments(OnnxNode node, List<Array> inputs, long opset) {
    Array get(int index) {
      return inputs.get(index);
    }

    boolean has(int index) {
      return index < inputs.size() && inputs.get(index) != null;
    }

    /** Returns the integer of an attribute, or {@code otherwise}. */
    long integer(String attribute, long otherwise) {
      long[] found = node.integers(attribute);
      return found.length == 0 ? otherwise : found[0];
    }

    /** Returns integers from an input or, in older versions, an attribute; empty if neither. */
    long[] integers(int input, String attribute) {
      return has(input) ? get(input).longs() : node.integers(attribute);
    }
  }
}
