package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.onnx.evaluate.Array;
import dev.kumiko.tools.convert.onnx.evaluate.Array.Kind;
import dev.kumiko.tools.convert.onnx.graph.OnnxGraph;
import dev.kumiko.tools.convert.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How numbers flow through a graph that has been evaluated. Nodes that pass rows on as they are (a
 * Cast between floating-point types, a Reshape that keeps the last dimension) are looked through.
 */
final class Flow {
  private static final Set<String> PASSING = Set.of("Identity", "Dropout", "Cast");
  private static final Set<String> RESHAPING = Set.of("Reshape", "Flatten", "Squeeze", "Unsqueeze");

  private final OnnxGraph graph;
  private final Map<String, Array> values;

  /**
   * Looks at a graph.
   *
   * @param values what its values were for some input
   */
  Flow(OnnxGraph graph, Map<String, Array> values) {
    this.graph = graph;
    this.values = values;
  }

  OnnxGraph graph() {
    return graph;
  }

  /** Returns what a value was; empty if it was not computed. */
  Optional<Array> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  private boolean passesOn(OnnxNode node) {
    Array from = values.get(node.input(0));
    Array to = values.get(node.output());
    boolean floats =
        from != null && to != null && from.kind() == Kind.FLOAT && to.kind() == Kind.FLOAT;
    return floats
        && (PASSING.contains(node.operator())
            || (RESHAPING.contains(node.operator()) && from.last() == to.last()));
  }

  /** Returns the value that another one passes on. */
  String origin(String value) {
    String origin = value;
    Optional<OnnxNode> node = graph.producer(origin);
    while (node.isPresent() && passesOn(node.get())) {
      origin = node.get().input(0);
      node = graph.producer(origin);
    }
    return origin;
  }

  /** Returns the node that computes a value, looked through, if it is an {@code operator}. */
  Optional<OnnxNode> producer(String value, String operator) {
    return graph.producer(origin(value)).filter(node -> node.is(operator));
  }

  /** Returns the nodes that read a value, directly or passed on. */
  List<OnnxNode> readers(String value) {
    List<OnnxNode> readers = new ArrayList<>();
    for (OnnxNode node : graph.consumers(value)) {
      if (passesOn(node)) {
        readers.addAll(readers(node.output()));
      } else {
        readers.add(node);
      }
    }
    return readers;
  }

  /** Returns the nodes that read a value and are an {@code operator}. */
  List<OnnxNode> readers(String value, String operator) {
    return readers(value).stream().filter(node -> node.is(operator)).toList();
  }

  /** Whether an input of a node is a value, or passes it on. */
  boolean reads(OnnxNode node, int input, String value) {
    return origin(node.input(input)).equals(origin(value));
  }

  /** Returns the input of a node with two inputs that is not {@code value}. */
  String other(OnnxNode node, String value) {
    return reads(node, 0, value) ? node.input(1) : node.input(0);
  }

  /** Returns all values that depend on some by more than their shape. */
  Set<String> descendants(Set<String> from) {
    Set<String> found = new HashSet<>(from);
    for (OnnxNode node : graph.nodes()) {
      if (!node.is("Shape") && node.inputs().stream().anyMatch(found::contains)) {
        found.addAll(node.outputs());
      }
    }
    return found;
  }

  /** Returns the first node in the graph's order that fits. */
  Optional<OnnxNode> first(Predicate<OnnxNode> fits) {
    return graph.nodes().stream().filter(fits).findFirst();
  }

  /** Returns the inputs of the graph that a value depends on, by more than their shape. */
  Set<String> inputsOf(String value) {
    Set<String> inputs = new HashSet<>();
    if (graph.isInput(value)) {
      inputs.add(value);
    }
    for (OnnxNode node : graph.ancestors(value, node -> node.is("Shape"))) {
      node.inputs().stream().filter(graph::isInput).forEach(inputs::add);
    }
    return inputs;
  }

  /** Returns the single number a value is, if it is a constant. */
  Optional<Double> number(String value) {
    return Constant.find(graph, value)
        .filter(constant -> constant.tensor().isFloating() && constant.tensor().elements() == 1)
        .map(constant -> constant.tensor().number(0));
  }
}
