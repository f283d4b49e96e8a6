package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.ConversionException;
import java.util.Optional;

/**
 * Finds the linear layers and layer normalisations of a graph. Their biases keep the names they had
 * in PyTorch; the rest follows from the operations around the bias.
 */
final class LayerParts {
  /**
   * A linear layer.
   *
   * @param input the value it reads
   * @param weight {@code [in][out]}
   * @param bias {@code [out]}
   * @param output the value it computes
   */
  record Linear(String input, OnnxTensor weight, OnnxTensor bias, String output) {}

  /**
   * A layer normalisation.
   *
   * @param input the value it reads
   * @param weight {@code [hidden]}
   * @param bias {@code [hidden]}
   * @param epsilon what it adds to the variance
   * @param output the value it computes
   */
  record Norm(String input, OnnxTensor weight, OnnxTensor bias, float epsilon, String output) {}

  private final OnnxGraph graph;

  LayerParts(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Returns an initialiser. */
  OnnxTensor tensor(String name) throws ConversionException {
    return graph
        .initializer(name)
        .orElseThrow(() -> graph.error("the tensor %s is missing.".formatted(name)));
  }

  /** Finds the layer whose bias is {@code name.bias}. */
  Linear linear(String name) throws ConversionException {
    OnnxTensor bias = tensor(name + ".bias");
    OnnxNode add = reader(bias.name());
    Optional<OnnxNode> product =
        graph
            .producer(other(add, bias.name()), "MatMul")
            .filter(node -> add.is("Add") && graph.initializer(node.input(1)).isPresent());
    if (product.isEmpty()) {
      throw graph.error(
          "no MatMul with a constant weight leads to the bias %s.".formatted(bias.name()));
    }
    OnnxNode matMul = product.get();
    return new Linear(matMul.input(0), tensor(matMul.input(1)), bias, add.output());
  }

  /** Finds the normalisation whose bias is {@code name.bias}. */
  Norm norm(String name) throws ConversionException {
    OnnxTensor bias = tensor(name + ".bias");
    OnnxTensor weight = tensor(name + ".weight");
    OnnxNode last = reader(bias.name());
    if (last.is("LayerNormalization")
        && last.input(1).equals(weight.name())
        && isLastAxis(last.integers("axis"))) {
      return new Norm(last.input(0), weight, bias, last.number("epsilon", 1e-5f), last.output());
    }
    // (x - mean) / sqrt(mean((x - mean)^2) + epsilon) * weight + bias
    Optional<OnnxNode> quotient =
        graph
            .producer(other(last, bias.name()), "Mul")
            .filter(scaled -> scaled.inputs().contains(weight.name()))
            .flatMap(scaled -> graph.producer(other(scaled, weight.name()), "Div"));
    Optional<String> input = quotient.flatMap(div -> centred(div.input(0)));
    Optional<Float> epsilon = quotient.flatMap(div -> deviation(div.input(1), input.orElse("")));
    if (input.isEmpty() || epsilon.isEmpty()) {
      throw graph.error("no layer normalisation was found at %s.".formatted(bias.name()));
    }
    return new Norm(input.get(), weight, bias, epsilon.get(), last.output());
  }

  /** Returns x if the value is x - mean(x). */
  private Optional<String> centred(String value) {
    return graph
        .producer(value, "Sub")
        .filter(sub -> mean(sub.input(1)).filter(sub.input(0)::equals).isPresent())
        .map(sub -> sub.input(0));
  }

  /** Returns epsilon if the value is sqrt(mean((x - mean(x))^2) + epsilon). */
  private Optional<Float> deviation(String value, String x) {
    Optional<OnnxNode> sum =
        graph.producer(value, "Sqrt").flatMap(sqrt -> graph.producer(sqrt.input(0), "Add"));
    boolean variance =
        sum.flatMap(add -> mean(add.input(0)))
            .flatMap(square -> graph.producer(square, "Pow"))
            .filter(pow -> graph.number(pow.input(1)).filter(two -> two == 2f).isPresent())
            .flatMap(pow -> centred(pow.input(0)))
            .filter(x::equals)
            .isPresent();
    return variance ? graph.number(sum.get().input(1)) : Optional.empty();
  }

  /** Returns x if the value is the mean of x over its last axis. */
  private Optional<String> mean(String value) {
    return graph
        .producer(value, "ReduceMean")
        .filter(
            node -> {
              long[] axes = node.integers("axes");
              return isLastAxis(
                  axes.length > 0 ? axes : graph.integers(node.input(1)).orElse(axes));
            })
        .map(node -> node.input(0));
  }

  private static boolean isLastAxis(long[] axes) {
    return axes.length == 1 && (axes[0] == -1 || axes[0] == 2);
  }

  private OnnxNode reader(String value) throws ConversionException {
    if (graph.consumers(value).size() != 1) {
      throw graph.error(
          "the tensor %s is read by %d nodes, expected one."
              .formatted(value, graph.consumers(value).size()));
    }
    return graph.consumers(value).get(0);
  }

  /** Returns the input of a node with two inputs that is not {@code value}. */
  static String other(OnnxNode node, String value) {
    return node.input(0).equals(value) ? node.input(1) : node.input(0);
  }
}
