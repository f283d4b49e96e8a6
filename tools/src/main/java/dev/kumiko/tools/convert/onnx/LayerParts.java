package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.Weight;
import dev.kumiko.tools.convert.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the linear maps and the normalisations that read a value, however they are written. */
final class LayerParts {
  /**
   * A linear map.
   *
   * @param input the value it reads
   * @param weight {@code [out][in]}
   * @param bias {@code [out]}
   * @param output the value it computes
   */
  record Linear(String input, Weight weight, Weight bias, String output) {}

  /**
   * A layer normalisation.
   *
   * @param weight {@code [hidden]}
   * @param bias {@code [hidden]}
   * @param epsilon what it adds to the variance
   * @param output the value it computes
   */
  record Norm(Weight weight, Weight bias, double epsilon, String output) {}

  private final Flow flow;

  LayerParts(Flow flow) {
    this.flow = flow;
  }

  /** Returns the linear maps that read a value. */
  List<Linear> linears(String input) {
    List<Linear> found = new ArrayList<>();
    for (OnnxNode node : flow.readers(input)) {
      linear(node).filter(map -> flow.reads(node, 0, input)).ifPresent(found::add);
    }
    return found;
  }

  /** Returns the linear map that a node begins. */
  Optional<Linear> linear(OnnxNode node) {
    if (node.is("Gemm")) {
      return gemm(node);
    }
    Optional<Constant> weight =
        node.is("MatMul") ? Constant.find(flow.graph(), node.input(1)) : Optional.empty();
    if (weight.filter(Constant::isMatrix).isEmpty()) {
      return Optional.empty();
    }
    for (OnnxNode add : flow.readers(node.output(), "Add")) {
      Optional<Constant> bias =
          Constant.find(flow.graph(), flow.other(add, node.output())).filter(Constant::isVector);
      if (bias.isPresent()) {
        return Optional.of(
            new Linear(
                node.input(0), weight.get().matrix(true), bias.get().vector(), add.output()));
      }
    }
    return Optional.empty();
  }

  private Optional<Linear> gemm(OnnxNode node) {
    Optional<Constant> weight =
        Constant.find(flow.graph(), node.input(1)).filter(Constant::isMatrix);
    Optional<Constant> bias = Constant.find(flow.graph(), node.input(2)).filter(Constant::isVector);
    boolean plain =
        node.number("alpha", 1) == 1 && node.number("beta", 1) == 1 && flag(node, "transA") == 0;
    return weight.isPresent() && bias.isPresent() && plain
        ? Optional.of(
            new Linear(
                node.input(0),
                weight.get().matrix(flag(node, "transB") == 0),
                bias.get().vector(),
                node.output()))
        : Optional.empty();
  }

  private static long flag(OnnxNode node, String attribute) {
    long[] values = node.integers(attribute);
    return values.length == 0 ? 0 : values[0];
  }

  /** Returns the normalisation that reads a value. */
  Optional<Norm> norm(String input) {
    for (OnnxNode node : flow.readers(input)) {
      if (node.is("LayerNormalization") && flow.reads(node, 0, input)) {
        return norm(node.input(1), node.input(2), node.number("epsilon", 1e-5f), node.output());
      }
    }
    return decomposed(input);
  }

  /** (x - mean) / sqrt(mean((x - mean)^2) + epsilon) * weight + bias. */
  private Optional<Norm> decomposed(String input) {
    if (flow.readers(input, "ReduceMean").isEmpty()) {
      return Optional.empty();
    }
    for (OnnxNode centred : flow.readers(input, "Sub")) {
      for (OnnxNode quotient : flow.readers(centred.output(), "Div")) {
        Optional<Double> epsilon = epsilon(quotient.input(1));
        Optional<OnnxNode> scaled = flow.readers(quotient.output(), "Mul").stream().findFirst();
        Optional<OnnxNode> moved =
            scaled.flatMap(mul -> flow.readers(mul.output(), "Add").stream().findFirst());
        if (epsilon.isPresent() && moved.isPresent()) {
          return norm(
              flow.other(scaled.get(), quotient.output()),
              flow.other(moved.get(), scaled.get().output()),
              epsilon.get(),
              moved.get().output());
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Double> epsilon(String deviation) {
    return flow.producer(deviation, "Sqrt")
        .flatMap(sqrt -> flow.producer(sqrt.input(0), "Add"))
        .flatMap(add -> flow.number(add.input(1)).or(() -> flow.number(add.input(0))));
  }

  private Optional<Norm> norm(String weight, String bias, double epsilon, String output) {
    Optional<Constant> w = Constant.find(flow.graph(), weight).filter(Constant::isVector);
    Optional<Constant> b = Constant.find(flow.graph(), bias).filter(Constant::isVector);
    return w.isPresent() && b.isPresent()
        ? Optional.of(new Norm(w.get().vector(), b.get().vector(), epsilon, output))
        : Optional.empty();
  }
}
