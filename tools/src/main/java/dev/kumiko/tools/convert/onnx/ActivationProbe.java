package dev.kumiko.tools.convert.onnx;

import dev.kumiko.format.Activation;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.onnx.evaluate.Activations;
import dev.kumiko.tools.convert.onnx.evaluate.Array;
import dev.kumiko.tools.convert.onnx.evaluate.Array.Kind;
import dev.kumiko.tools.convert.onnx.evaluate.Evaluator;
import dev.kumiko.tools.convert.onnx.graph.OnnxGraph;
import dev.kumiko.tools.convert.onnx.graph.OnnxNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Recognises an activation by what it computes: the nodes between two values are evaluated at a few
 * points and compared with the known functions. However an exporter arranges the operations, a
 * match is a proof.
 */
final class ActivationProbe {
  private static final double[] POINTS = {-4, -2.2, -1, -0.3, 0, 0.2, 0.7, 1.5, 2.5, 6};

  /**
   * Below the distance of the two GELUs at these points (4e-4), above the rounding of constants,
   * which may be fp16.
   */
  private static final double TOLERANCE = 1.5e-4;

  private ActivationProbe() {}

  /** Returns the function that leads from the value {@code from} to the value {@code to}. */
  static Activation recognize(OnnxGraph graph, String from, String to) throws ConversionException {
    Array points = Array.of(Kind.FLOAT, new int[] {POINTS.length}, POINTS.clone());
    Array result = new Evaluator(graph).run(Map.of(from, points), List.of(to)).get(to);
    for (Activation candidate : Activation.values()) {
      if (matches(result, Activations.function(candidate))) {
        return candidate;
      }
    }
    throw graph.error(
        "the activation between %s and %s is none of %s (operators: %s)."
            .formatted(
                from,
                to,
                Arrays.toString(Activation.values()),
                graph
                    .ancestors(to, node -> node.is("Constant") || node.outputs().contains(from))
                    .stream()
                    .map(OnnxNode::qualifiedOperator)
                    .toList()));
  }

  private static boolean matches(Array result, DoubleUnaryOperator function) {
    if (result.size() != POINTS.length) {
      return false;
    }
    for (int i = 0; i < POINTS.length; i++) {
      if (!(Math.abs(result.get(i) - function.applyAsDouble(POINTS[i])) < TOLERANCE)) {
        return false;
      }
    }
    return true;
  }
}
