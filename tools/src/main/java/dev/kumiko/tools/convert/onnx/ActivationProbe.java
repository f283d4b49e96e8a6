package dev.kumiko.tools.convert.onnx;

import dev.kumiko.format.Activation;
import dev.kumiko.tools.convert.ConversionException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;

/**
 * Recognises an activation by what it computes: the nodes between two values are evaluated at a few
 * points and compared with the known functions. However an exporter arranges the operations, a
 * match is a proof.
 */
final class ActivationProbe {
  private static final double[] POINTS = {-4, -2.2, -1, -0.3, 0, 0.2, 0.7, 1.5, 2.5, 6};

  /**
   * Below the distance of the two GELUs at these points (4e-4), above the rounding of constants.
   */
  private static final double TOLERANCE = 1e-5;

  private final OnnxGraph graph;
  private final Map<String, double[]> values = new HashMap<>();

  private ActivationProbe(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Returns the function that leads from the value {@code from} to the value {@code to}. */
  static Activation recognize(OnnxGraph graph, String from, String to) throws ConversionException {
    ActivationProbe probe = new ActivationProbe(graph);
    probe.values.put(from, POINTS);
    List<OnnxNode> nodes =
        graph.ancestors(to, node -> node.is("Constant") || node.outputs().contains(from));
    for (OnnxNode node : nodes) {
      probe.values.put(node.output(), probe.evaluate(node));
    }
    double[] result = probe.values.get(to);
    for (Activation candidate : Activation.values()) {
      if (result != null && matches(result, function(candidate))) {
        return candidate;
      }
    }
    throw graph.error(
        "the activation between %s and %s is none of %s (operators: %s)."
            .formatted(
                from,
                to,
                Arrays.toString(Activation.values()),
                nodes.stream().map(OnnxNode::operator).toList()));
  }

  private static boolean matches(double[] result, DoubleUnaryOperator function) {
    for (int i = 0; i < POINTS.length; i++) {
      if (!(Math.abs(result[i] - function.applyAsDouble(POINTS[i])) < TOLERANCE)) {
        return false;
      }
    }
    return true;
  }

  private static DoubleUnaryOperator function(Activation activation) {
    return switch (activation) {
      case GELU -> ActivationProbe::gelu;
      case GELU_TANH -> ActivationProbe::geluTanh;
      case RELU -> x -> Math.max(x, 0);
    };
  }

  private static double gelu(double x) {
    return x / 2 * (1 + Erf.erf(x / Math.sqrt(2)));
  }

  private static double geluTanh(double x) {
    return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  private double[] evaluate(OnnxNode node) throws ConversionException {
    return switch (node.operator()) {
      case "Add" -> binary(node, (a, b) -> a + b);
      case "Sub" -> binary(node, (a, b) -> a - b);
      case "Mul" -> binary(node, (a, b) -> a * b);
      case "Div" -> binary(node, (a, b) -> a / b);
      case "Pow" -> binary(node, Math::pow);
      case "Erf" -> unary(node, Erf::erf);
      case "Tanh" -> unary(node, Math::tanh);
      case "Sqrt" -> unary(node, Math::sqrt);
      case "Relu" -> unary(node, x -> Math.max(x, 0));
      case "Identity" -> unary(node, x -> x);
      case "Gelu" ->
          unary(
              node,
              node.text("approximate", "none").equals("tanh")
                  ? ActivationProbe::geluTanh
                  : ActivationProbe::gelu);
      default ->
          throw graph.error(
              "the activation contains the operator %s (node %s), which Kumiko does not know."
                  .formatted(node.operator(), node.name()));
    };
  }

  private double[] unary(OnnxNode node, DoubleUnaryOperator function) throws ConversionException {
    return Arrays.stream(operand(node, 0)).map(function).toArray();
  }

  private double[] binary(OnnxNode node, DoubleBinaryOperator function) throws ConversionException {
    double[] left = operand(node, 0);
    double[] right = operand(node, 1);
    double[] result = new double[POINTS.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = function.applyAsDouble(left[i], right[i]);
    }
    return result;
  }

  private double[] operand(OnnxNode node, int index) throws ConversionException {
    String name = node.input(index);
    double[] computed = values.get(name);
    if (computed != null) {
      return computed;
    }
    float constant =
        graph
            .number(name)
            .orElseThrow(
                () ->
                    graph.error(
                        "the activation at node %s reads %s, which is neither its input nor a number."
                            .formatted(node.name(), name)));
    double[] repeated = new double[POINTS.length];
    Arrays.fill(repeated, constant);
    return repeated;
  }
}
