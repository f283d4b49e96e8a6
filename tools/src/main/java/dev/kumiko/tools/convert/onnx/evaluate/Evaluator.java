package dev.kumiko.tools.convert.onnx.evaluate;

import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.onnx.graph.OnnxGraph;
import dev.kumiko.tools.convert.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes values of a graph for small inputs, as ONNX defines its operators. Meant to find out
 * what a graph computes, not to be fast. What it does not know it refuses by name. Not safe for
 * concurrent use of its results' memory limit; makes no copy of the weights.
 */
public final class Evaluator {
  /** The elements that all values of one run may have together, beyond those of the file. */
  private static final int LIMIT = 4_000_000;

  private static final Map<String, Operator> OPERATORS = operators();

  private final OnnxGraph graph;

  /** Evaluates a graph. */
  public Evaluator(OnnxGraph graph) {
    this.graph = graph;
  }

  private static Map<String, Operator> operators() {
    Map<String, Operator> operators = new HashMap<>();
    Elementwise.addTo(operators);
    Shaping.addTo(operators);
    Lookup.addTo(operators);
    Arithmetic.addTo(operators);
    return Map.copyOf(operators);
  }

  /** Returns a number of elements, if arrays may be so large. */
  static int bounded(double elements) {
    if (!(elements <= LIMIT)) {
      throw new IllegalArgumentException("%,.0f elements".formatted(elements));
    }
    return (int) elements;
  }

  /**
   * Computes values and all that they depend on.
   *
   * @param given values by name: inputs of the graph, or any others, which then are not computed
   * @param wanted names of the values asked for
   * @return all values that were computed, and the given ones
   * @throws ConversionException at an operator that is not known, inputs that do not fit it, or
   *     values larger than a graph of this size has for small inputs
   */
  public Map<String, Array> run(Map<String, Array> given, Collection<String> wanted)
      throws ConversionException {
    Map<String, Array> values = new HashMap<>(given);
    long elements = 0;
    for (OnnxNode node : needed(given.keySet(), wanted)) {
      Array result = compute(node, values);
      values.put(node.output(), result);
      elements += result.size();
      if (elements > LIMIT + graph.weightElements() / 4) {
        throw graph.error(
            "node %s (%s) makes %,d elements of a short text: this is not a text encoder."
                .formatted(node.name(), node.operator(), elements));
      }
    }
    return values;
  }

  private List<OnnxNode> needed(Set<String> given, Collection<String> wanted) {
    Set<String> missing = new HashSet<>(wanted);
    List<OnnxNode> found = new ArrayList<>();
    for (OnnxNode node : graph.nodes().reversed()) {
      if (node.outputs().stream().anyMatch(o -> missing.contains(o) && !given.contains(o))
          && !node.is("Constant")) {
        found.add(node);
        missing.addAll(node.inputs());
      }
    }
    return found.reversed();
  }

  private Array compute(OnnxNode node, Map<String, Array> values) throws ConversionException {
    Operator operator = node.domain().isEmpty() ? OPERATORS.get(node.operator()) : null;
    if (operator == null) {
      throw graph.error(
          "node %s has the operator %s, which Kumiko does not know."
              .formatted(node.name(), node.qualifiedOperator()));
    }
    List<Array> inputs = new ArrayList<>();
    for (String name : node.inputs()) {
      inputs.add(name.isEmpty() ? null : value(name, node, values));
    }
    try {
      return operator.apply(new Operator.Arguments(node, inputs, graph.opset()));
    } catch (RuntimeException e) {
      // Shapes, indices and attributes come from the file; each operator relies on what it needs.
      throw graph.error(
          "node %s (%s) cannot be computed from inputs %s: %s."
              .formatted(node.name(), node.operator(), inputs, reason(e)));
    }
  }

  private static String reason(RuntimeException e) {
    boolean own = e instanceof IllegalArgumentException && e.getMessage() != null;
    return own ? e.getMessage() : "they do not fit the operator";
  }

  private Array value(String name, OnnxNode reader, Map<String, Array> values)
      throws ConversionException {
    Array known = values.get(name);
    if (known != null) {
      return known;
    }
    Optional<Array> constant = constant(name);
    if (constant.isEmpty()) {
      throw graph.error(
          "node %s (%s) reads %s, %s."
              .formatted(
                  reader.name(),
                  reader.operator(),
                  name,
                  graph.isInput(name)
                      ? "an input of the graph that Kumiko does not know"
                      : "a second output of a node, which Kumiko does not compute"));
    }
    values.put(name, constant.get());
    return constant.get();
  }

  /** Returns a constant of the graph, if its shape is that of an array. */
  public Optional<Array> constant(String name) {
    return graph.constant(name).filter(tensor -> tensor.type().dtype() != null).map(Array::of);
  }
}
