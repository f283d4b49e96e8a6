package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.ConversionException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The graph of an ONNX file with questions about it: who computes a value, who reads it. */
final class OnnxGraph {
  /** One element of a shape that the graph computes from its input. */
  static final long UNKNOWN = Long.MIN_VALUE;

  private final String file;
  private final List<OnnxNode> nodes;
  private final Map<String, OnnxTensor> initializers;
  private final List<String> inputs;
  private final List<String> outputs;
  private final Map<String, OnnxNode> producers = new HashMap<>();
  private final Map<String, List<OnnxNode>> consumers = new HashMap<>();

  OnnxGraph(
      String file,
      List<OnnxNode> nodes,
      Map<String, OnnxTensor> initializers,
      List<String> inputs,
      List<String> outputs)
      throws ConversionException {
    this.file = file;
    this.nodes = nodes;
    this.initializers = initializers;
    this.inputs = inputs;
    this.outputs = outputs;
    Set<String> known = new HashSet<>(inputs);
    known.addAll(initializers.keySet());
    known.add("");
    for (OnnxNode node : nodes) {
      connect(node, known);
    }
  }

  /** The nodes are sorted, so a graph that passes has no cycles. */
  private void connect(OnnxNode node, Set<String> known) throws ConversionException {
    for (String input : Set.copyOf(node.inputs())) {
      if (!known.contains(input)) {
        throw error(
            "node %s (%s) reads the value %s, which nothing before it computes."
                .formatted(node.name(), node.operator(), input));
      }
      consumers.computeIfAbsent(input, k -> new ArrayList<>()).add(node);
    }
    for (String output : node.outputs()) {
      if (!output.isEmpty() && !known.add(output)) {
        throw error("the value %s is computed twice.".formatted(output));
      }
      producers.put(output, node);
    }
  }

  List<OnnxNode> nodes() {
    return nodes;
  }

  Collection<OnnxTensor> initializers() {
    return initializers.values();
  }

  List<String> outputs() {
    return outputs;
  }

  /** Whether a value is an input of the whole graph; old exports list the initialisers too. */
  boolean isInput(String value) {
    return inputs.contains(value) && !initializers.containsKey(value);
  }

  Optional<OnnxTensor> initializer(String name) {
    return Optional.ofNullable(initializers.get(name));
  }

  /** Returns the node that computes a value, if that is an {@code operator}. */
  Optional<OnnxNode> producer(String value, String operator) {
    return Optional.ofNullable(producers.get(value)).filter(node -> node.is(operator));
  }

  /** Returns the node that computes a value; empty for inputs and initialisers. */
  Optional<OnnxNode> producer(String value) {
    return Optional.ofNullable(producers.get(value));
  }

  /** Returns the nodes that read a value. */
  List<OnnxNode> consumers(String value) {
    return consumers.getOrDefault(value, List.of());
  }

  /** Returns the constant a value is: an initialiser or the output of a Constant node. */
  Optional<OnnxTensor> constant(String value) {
    OnnxTensor tensor = initializers.get(value);
    if (tensor != null) {
      return Optional.of(tensor);
    }
    return producer(value, "Constant")
        .map(node -> node.attributes().get("value"))
        .map(OnnxNode.Attribute::tensor);
  }

  /** Returns the single float a value is. */
  Optional<Float> number(String value) {
    return constant(value).filter(OnnxTensor::isFloatScalar).map(OnnxTensor::floatScalar);
  }

  /** Returns the constant integers a value is. */
  Optional<long[]> integers(String value) {
    return constant(value).filter(OnnxTensor::isInteger).map(OnnxTensor::longs);
  }

  /**
   * Returns the elements of a shape. What is put together from constants and sizes of the input has
   * {@link #UNKNOWN} for the latter.
   */
  List<Long> shape(String value) {
    Optional<long[]> constant = integers(value);
    List<Long> elements = new ArrayList<>();
    if (constant.isPresent()) {
      for (long element : constant.get()) {
        elements.add(element);
      }
      return elements;
    }
    Optional<OnnxNode> concat = producer(value, "Concat");
    if (concat.isEmpty()) {
      return List.of(UNKNOWN);
    }
    for (String part : concat.get().inputs()) {
      Optional<long[]> known = integers(part);
      if (known.isEmpty()) {
        elements.add(UNKNOWN);
      } else {
        for (long element : known.get()) {
          elements.add(element);
        }
      }
    }
    return elements;
  }

  /**
   * Returns every node that a value depends on, in the order of the graph. Nodes that {@code
   * border} accepts are left out, and so is what only they depend on.
   */
  List<OnnxNode> ancestors(String value, Predicate<OnnxNode> border) {
    Set<String> wanted = new HashSet<>(List.of(value));
    List<OnnxNode> found = new ArrayList<>();
    for (OnnxNode node : nodes.reversed()) {
      if (node.outputs().stream().anyMatch(wanted::contains) && !border.test(node)) {
        found.add(node);
        wanted.addAll(node.inputs());
      }
    }
    return found.reversed();
  }

  /** An exception about this file. */
  ConversionException error(String message) {
    return new ConversionException(file + ": " + message);
  }
}
