package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.onnx.graph.OnnxGraph;
import dev.kumiko.tools.convert.onnx.graph.OnnxNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Refuses graphs that were made for a certain run-time: quantised or fused ones. */
final class ForeignOperators {
  private ForeignOperators() {}

  static void refuse(OnnxGraph graph) throws ConversionException {
    Set<String> foreign =
        graph.nodes().stream()
            .map(OnnxNode::operator)
            .filter(
                operator ->
                    operator.matches("(QLinear|Dequantize|DynamicQuantize|Quantize|MatMulNBits).*")
                        || operator.endsWith("Integer"))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!foreign.isEmpty()) {
      throw graph.error(
          "the graph is quantised (operators %s). Kumiko converts the fp32 export of the model."
              .formatted(String.join(", ", foreign)));
    }
    for (OnnxNode node : graph.nodes()) {
      if (!node.domain().isEmpty()) {
        throw graph.error(
            "the operator %s.%s is not one of ONNX itself; the graph was optimised for a certain "
                    .formatted(node.domain(), node.operator())
                + "run-time. Kumiko converts the plain export of the model.");
      }
    }
  }
}
