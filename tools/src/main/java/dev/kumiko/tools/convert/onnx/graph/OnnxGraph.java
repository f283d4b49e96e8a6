package dev.kumiko.tools.convert.onnx.graph;

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
public final class OnnxGraph {
  private final String file;
  private final long opset;
  private final List<OnnxNode> nodes;
  private final Map<String, OnnxTensor> initializers;
  private final List<GraphInput> inputs;
  private final List<String> outputs;
  private final Map<String, OnnxNode> producers = new HashMap<>();
  private final Map<String, List<OnnxNode>> consumers = new HashMap<>();

  /**
   * Connects the nodes.
   *
   * @param file what messages call the file
   * @param opset the version of ONNX's own operators
   * @param nodes the nodes, each behind those that it reads
   * @param initializers the constants by name
   * @param inputs the inputs of the graph
   * @param outputs the names of its outputs
   * @throws ConversionException if a node reads what no node before it computes
   */
  OnnxGraph(
      String file,
      long opset,
      List<OnnxNode> nodes,
      Map<String, OnnxTensor> initializers,
      List<GraphInput> inputs,
      List<String> outputs)
      throws ConversionException {
    this.file = file;
    this.opset = opset;
    this.nodes = nodes;
    this.initializers = initializers;
    this.inputs = inputs.stream().filter(in -> !initializers.containsKey(in.name())).toList();
    this.outputs = outputs;
    Set<String> known = new HashSet<>(initializers.keySet());
    inputs.forEach(input -> known.add(input.name()));
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

  /** Returns the version of ONNX's own operators. */
  public long opset() {
    return opset;
  }

  /** Returns the nodes, each behind those that it reads. */
  public List<OnnxNode> nodes() {
    return nodes;
  }

  /** Returns the constants, without those that are nodes. */
  public Collection<OnnxTensor> initializers() {
    return initializers.values();
  }

  /** Returns the number of elements of all initialisers. */
  public long weightElements() {
    return initializers.values().stream().mapToLong(tensor -> tensor.data().byteSize() / 4).sum();
  }

  /** Returns the inputs; initialisers, which old exports list too, are none. */
  public List<GraphInput> inputs() {
    return inputs;
  }

  /** Returns the names of the outputs. */
  public List<String> outputs() {
    return outputs;
  }

  /** Whether a value is an input of the whole graph. */
  public boolean isInput(String value) {
    return inputs.stream().anyMatch(input -> input.name().equals(value));
  }

  /** Returns the node that computes a value; empty for inputs and initialisers. */
  public Optional<OnnxNode> producer(String value) {
    return Optional.ofNullable(producers.get(value));
  }

  /** Returns the nodes that read a value, in the order of the graph. */
  public List<OnnxNode> consumers(String value) {
    return consumers.getOrDefault(value, List.of());
  }

  /** Returns the constant a value is: an initialiser or the output of a Constant node. */
  public Optional<OnnxTensor> constant(String value) {
    OnnxTensor tensor = initializers.get(value);
    if (tensor != null) {
      return Optional.of(tensor);
    }
    return producer(value)
        .filter(node -> node.is("Constant"))
        .map(node -> node.attributes().get("value"))
        .map(OnnxNode.Attribute::tensor);
  }

  /**
   * Returns every node that a value depends on, in the order of the graph. Nodes that {@code
   * border} accepts are left out, and so is what only they depend on.
   */
  public List<OnnxNode> ancestors(String value, Predicate<OnnxNode> border) {
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
  public ConversionException error(String message) {
    return new ConversionException(file + ": " + message);
  }
}
