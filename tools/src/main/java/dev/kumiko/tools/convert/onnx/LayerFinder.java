package dev.kumiko.tools.convert.onnx;

import dev.kumiko.format.Activation;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.onnx.LayerParts.Linear;
import dev.kumiko.tools.convert.onnx.LayerParts.Norm;
import dev.kumiko.tools.convert.onnx.evaluate.Array;
import dev.kumiko.tools.convert.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the parts of one layer by the way its numbers take: three linear maps of the same rows, two
 * products with a softmax between them, a linear map, a sum, a normalisation; then two linear maps
 * with an activation between them, a sum, a normalisation. Whether the layer computes with them
 * what Kumiko computes is for {@link LayerProof} to say.
 */
final class LayerFinder {
  /**
   * A layer.
   *
   * @param number its number, from 0
   * @param input the value it reads
   * @param headSize components of an attention head
   * @param scoreOperands what the attention scores are combined with on their way to the softmax
   */
  record Layer(
      int number,
      String input,
      Linear query,
      Linear key,
      Linear value,
      Linear output,
      Norm attentionNorm,
      Linear up,
      Activation activation,
      Linear down,
      Norm outputNorm,
      int headSize,
      List<String> scoreOperands) {}

  private final Flow flow;
  private final LayerParts parts;
  private final int number;
  private final List<String> scoreOperands = new ArrayList<>();
  private final List<Linear> projections;

  private LayerFinder(Flow flow, int number, List<Linear> projections) {
    this.flow = flow;
    this.parts = new LayerParts(flow);
    this.number = number;
    this.projections = projections;
  }

  /** Finds the layer that reads a value; empty if none does. */
  static Optional<Layer> find(Flow flow, int number, String input) throws ConversionException {
    List<Linear> projections = new LayerParts(flow).linears(input);
    return projections.size() == 3
        ? Optional.of(new LayerFinder(flow, number, projections).read(input))
        : Optional.empty();
  }

  private Layer read(String input) throws ConversionException {
    Set<String> outputs = new HashSet<>();
    projections.forEach(map -> outputs.add(map.output()));
    Set<String> projected = flow.descendants(outputs);
    OnnxNode softmax =
        flow.first(node -> node.is("Softmax") && projected.contains(node.input(0)))
            .orElseThrow(() -> missing("softmax behind the three linear maps"));
    OnnxNode scores =
        flow.graph()
            .producer(back(softmax.input(0), projected, scoreOperands))
            .filter(node -> node.is("MatMul"))
            .orElseThrow(() -> missing("product of queries and keys before the softmax"));
    Linear query = projection(scores.input(0), projected);
    Linear key = projection(scores.input(1), projected);

    Set<String> weights = flow.descendants(Set.of(softmax.output()));
    OnnxNode context =
        flow.first(node -> node.is("MatMul") && weights.contains(node.input(0)))
            .orElseThrow(() -> missing("product of attention and values"));
    Linear value = projection(context.input(1), projected);
    Linear output = next(context.output(), "linear map behind the attention");
    Norm attentionNorm = norm(output.output(), "attention");

    List<Linear> wide = parts.linears(attentionNorm.output());
    if (wide.size() != 1) {
      throw missing(
          "feed-forward block as BERT has it (%d linear maps read the attention's result)"
              .formatted(wide.size()));
    }
    Linear up = wide.get(0);
    Linear down = next(up.output(), "second linear map of the feed-forward block");
    Activation activation = ActivationProbe.recognize(flow.graph(), up.output(), down.input());
    Norm outputNorm = norm(down.output(), "feed-forward block");
    int headSize = flow.value(scores.input(0)).map(Array::last).orElse(0);
    return new Layer(
        number,
        input,
        query,
        key,
        value,
        output,
        attentionNorm,
        up,
        activation,
        down,
        outputNorm,
        headSize,
        scoreOperands);
  }

  /** Follows what comes from the linear maps back to a product or to one of them. */
  private String back(String from, Set<String> projected, List<String> operands)
      throws ConversionException {
    String value = from;
    while (true) {
      String here = value;
      Optional<OnnxNode> node = flow.graph().producer(here);
      boolean isEnd = projections.stream().anyMatch(map -> map.output().equals(here));
      if (isEnd || node.isEmpty() || node.get().is("MatMul")) {
        return here;
      }
      List<String> onTheWay = node.get().inputs().stream().filter(projected::contains).toList();
      if (onTheWay.size() != 1) {
        throw missing(
            "plain way through the attention: node %s (%s) combines several values"
                .formatted(node.get().name(), node.get().operator()));
      }
      value = onTheWay.get(0);
      for (String input : node.get().inputs()) {
        if (!input.equals(value) && !input.isEmpty()) {
          operands.add(input);
        }
      }
    }
  }

  private Linear projection(String from, Set<String> projected) throws ConversionException {
    String source = back(from, projected, new ArrayList<>());
    return projections.stream()
        .filter(map -> map.output().equals(source))
        .findFirst()
        .orElseThrow(() -> missing("linear map behind the attention's input " + from));
  }

  private Linear next(String from, String what) throws ConversionException {
    Set<String> reached = flow.descendants(Set.of(from));
    return flow.first(node -> reached.contains(node.input(0)) && parts.linear(node).isPresent())
        .flatMap(parts::linear)
        .orElseThrow(() -> missing(what));
  }

  private Norm norm(String update, String block) throws ConversionException {
    return flow.readers(update, "Add").stream()
        .findFirst()
        .flatMap(sum -> parts.norm(sum.output()))
        .orElseThrow(() -> missing("sum and layer normalisation behind the " + block));
  }

  private ConversionException missing(String what) {
    return flow.graph()
        .error(
            "layer %d has no %s. Kumiko reads the layers of BERT and its relatives from an .onnx."
                .formatted(number, what));
  }
}
