package dev.kumiko.tools.convert.onnx;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.Weight;
import dev.kumiko.tools.convert.onnx.EmbeddingParts.Embeddings;
import dev.kumiko.tools.convert.onnx.LayerFinder.Layer;
import dev.kumiko.tools.convert.onnx.LayerParts.Linear;
import dev.kumiko.tools.convert.onnx.LayerParts.Norm;
import dev.kumiko.tools.convert.onnx.evaluate.Array;
import dev.kumiko.tools.convert.onnx.graph.OnnxGraph;
import dev.kumiko.tools.convert.onnx.graph.OnnxTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads an encoder out of a graph of primitive operators, whatever an exporter named its parts and
 * however it wrote them. Its parts are found by the way the numbers take; then the graph is
 * computed for a few short texts, and every part must give what Kumiko's encoder gives. What does
 * not is refused.
 */
final class EncoderGraph {
  private final OnnxGraph graph;
  private final List<Layer> layers = new ArrayList<>();
  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private ConversionException failure;

  /**
   * What was found.
   *
   * @param architecture sizes and choices
   * @param weights the tensors by their names in a model file
   * @param unused names of the initialisers that the encoder does not need
   * @param pooled the output that makes one vector of a text, if there is one
   */
  record Encoder(
      Architecture architecture,
      Map<String, Weight> weights,
      List<String> unused,
      Optional<PooledOutput> pooled) {}

  private EncoderGraph(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Finds the encoder. */
  static Encoder read(OnnxGraph graph) throws ConversionException {
    ForeignOperators.refuse(graph);
    return new EncoderGraph(graph).read();
  }

  private Encoder read() throws ConversionException {
    int[] fixed = Probe.fixedShape(graph);
    int vocabulary = vocabulary();
    Probe first = Probe.all(graph, vocabulary, 7).get(0);
    Map<String, Array> values = values(first);
    Flow flow = new Flow(graph, values);
    Embeddings embeddings = find(flow);
    String output = layers.getLast().outputNorm().output();
    Layer layer = layers.get(0);
    int hidden = Math.toIntExact(embeddings.words().shape().get(1));
    int heads = heads(layer, hidden);
    int positions = Math.toIntExact(embeddings.positions().shape().get(0));
    Position.Learned position = new Position.Learned(embeddings.paddingId());
    int longest = fixed[1] > 0 ? fixed[1] : position.longestInput(positions);
    PositionCheck places = new PositionCheck(graph, embeddings, layers, longest);
    places.checkPositions();
    Optional<Weight> bias = places.relativeBias(heads);
    prove(embeddings, bias, output, vocabulary, longest);
    Optional<PooledOutput> pooled = pooled(embeddings, output, vocabulary, longest);
    if (pooled.isEmpty()) {
      requireOutput(flow);
    }
    Architecture architecture =
        new Architecture(
            family(embeddings, bias),
            layers.size(),
            hidden,
            heads,
            Math.toIntExact(layer.up().bias().shape().get(0)),
            same("activation", Layer::activation),
            epsilon(embeddings.norm()),
            vocabulary,
            positions,
            embeddings.types().map(types -> Math.toIntExact(types.shape().get(0))).orElse(0),
            new Layout(
                position,
                bias.map(PositionCheck::buckets),
                Optional.empty(),
                NormPlace.AFTER,
                false,
                true,
                true));
    addWeights(embeddings, bias);
    return new Encoder(architecture, weights, unused(), pooled);
  }

  private int vocabulary() throws ConversionException {
    Constant words =
        EmbeddingParts.words(new Flow(graph, Map.of()))
            .orElseThrow(
                () ->
                    graph.error(
                        "no table is looked up by the input %s: this is not a text encoder as PyTorch or optimum export it."
                            .formatted(Probe.IDS)));
    return Math.toIntExact(words.tensor().shape().get(0));
  }

  /** Computes all outputs that can be computed; a head may have operators that do not matter. */
  private Map<String, Array> values(Probe probe) {
    Map<String, Array> values = new HashMap<>();
    for (String output : graph.outputs()) {
      try {
        values.putAll(probe.run(graph, 2, List.of(output)));
      } catch (ConversionException e) {
        failure = failure == null ? e : failure;
      }
    }
    return values;
  }

  /** Finds the parts; where the graph could not be computed, that is the reason if they miss. */
  private Embeddings find(Flow flow) throws ConversionException {
    try {
      Embeddings embeddings = EmbeddingParts.find(flow);
      findLayers(flow, embeddings.norm().output());
      if (graph.outputs().stream().noneMatch(output -> isVectorOfText(flow, output))) {
        requireOutput(flow);
      }
      return embeddings;
    } catch (ConversionException e) {
      throw failure == null ? e : failure;
    }
  }

  private void findLayers(Flow flow, String embedded) throws ConversionException {
    String hidden = embedded;
    Optional<Layer> layer = LayerFinder.find(flow, 0, hidden);
    while (layer.isPresent()) {
      layers.add(layer.get());
      hidden = layer.get().outputNorm().output();
      layer = LayerFinder.find(flow, layers.size(), hidden);
    }
    if (layers.isEmpty()) {
      throw graph.error(
          "the embeddings are read by %d linear maps, not by three (query, key, value): Kumiko reads BERT and its relatives from an .onnx."
              .formatted(new LayerParts(flow).linears(embedded).size()));
    }
  }

  private static boolean isVectorOfText(Flow flow, String output) {
    return flow.value(output).filter(value -> value.rank() == 2).isPresent();
  }

  private void requireOutput(Flow flow) throws ConversionException {
    String hidden = layers.getLast().outputNorm().output();
    boolean isOutput =
        graph.outputs().stream()
            .anyMatch(output -> flow.origin(output).equals(flow.origin(hidden)));
    if (!isOutput) {
      throw graph.error(
          "the output of the last layer found (%d) is not an output of the graph (%s): something "
                  .formatted(layers.size() - 1, String.join(", ", graph.outputs()))
              + "follows it that Kumiko does not know.");
    }
  }

  private int heads(Layer layer, int hidden) throws ConversionException {
    int size = same("size of attention heads", Layer::headSize);
    if (size <= 0 || hidden % size != 0) {
      throw graph.error(
          "layer %d splits %d components into heads of %d."
              .formatted(layer.number(), hidden, size));
    }
    return hidden / size;
  }

  private <T> T same(String what, Function<Layer, T> choice) throws ConversionException {
    T first = choice.apply(layers.get(0));
    for (Layer layer : layers) {
      if (!choice.apply(layer).equals(first)) {
        throw graph.error(
            "layer %d has another %s (%s) than the layers before it (%s)."
                .formatted(layer.number(), what, choice.apply(layer), first));
      }
    }
    return first;
  }

  private double epsilon(Norm embeddings) throws ConversionException {
    double epsilon = embeddings.epsilon();
    for (Layer layer : layers) {
      for (Norm norm : List.of(layer.attentionNorm(), layer.outputNorm())) {
        if (norm.epsilon() != epsilon) {
          throw graph.error(
              "layer %d has the epsilon %s, the embeddings have %s; Kumiko has one for all."
                  .formatted(layer.number(), norm.epsilon(), epsilon));
        }
      }
    }
    return Double.parseDouble(Float.toString((float) epsilon));
  }

  private void prove(
      Embeddings embeddings, Optional<Weight> bias, String output, int vocabulary, int longest)
      throws ConversionException {
    int types = types(embeddings);
    boolean half = isHalf(embeddings);
    for (Probe probe : Probe.all(graph, vocabulary, longest)) {
      LayerProof proof =
          new LayerProof(graph, probe, probe.run(graph, types, List.of(output)), half);
      proof.check(embeddings);
      for (Layer layer : layers) {
        proof.check(layer, bias);
      }
    }
  }

  private Optional<PooledOutput> pooled(
      Embeddings embeddings, String output, int vocabulary, int longest)
      throws ConversionException {
    List<Probe> probes = Probe.all(graph, vocabulary, longest);
    return PooledOutput.find(graph, probes, types(embeddings), output, isHalf(embeddings));
  }

  private static int types(Embeddings embeddings) {
    return embeddings.types().map(t -> Math.toIntExact(t.shape().get(0))).orElse(1);
  }

  private static boolean isHalf(Embeddings embeddings) {
    return embeddings.words().type().bytes() < Float.BYTES;
  }

  private static String family(Embeddings embeddings, Optional<Weight> bias) {
    if (bias.isPresent()) {
      return "mpnet";
    }
    if (embeddings.paddingId().isPresent()) {
      return "roberta";
    }
    return embeddings.types().isPresent() ? "bert" : "distilbert";
  }

  private void addWeights(Embeddings embeddings, Optional<Weight> bias) {
    weights.put(TensorNames.TOKEN_EMBEDDINGS, embeddings.words());
    weights.put(TensorNames.POSITION_EMBEDDINGS, embeddings.positions());
    embeddings.types().ifPresent(t -> weights.put(TensorNames.TOKEN_TYPE_EMBEDDINGS, t));
    bias.ifPresent(table -> weights.put(TensorNames.RELATIVE_BIAS, table));
    add(TensorNames.EMBEDDINGS_NORM, embeddings.norm());
    for (Layer layer : layers) {
      int i = layer.number();
      add(TensorNames.attentionQuery(i), layer.query());
      add(TensorNames.attentionKey(i), layer.key());
      add(TensorNames.attentionValue(i), layer.value());
      add(TensorNames.attentionOutput(i), layer.output());
      add(TensorNames.attentionNorm(i), layer.attentionNorm());
      add(TensorNames.feedForwardUp(i), layer.up());
      add(TensorNames.feedForwardDown(i), layer.down());
      add(TensorNames.feedForwardNorm(i), layer.outputNorm());
    }
  }

  private void add(String part, Linear linear) {
    weights.put(TensorNames.weight(part), linear.weight());
    weights.put(TensorNames.bias(part), linear.bias());
  }

  private void add(String part, Norm norm) {
    weights.put(TensorNames.weight(part), norm.weight());
    weights.put(TensorNames.bias(part), norm.bias());
  }

  /** Names what the encoder leaves over: single numbers and integers are parts of computations. */
  private List<String> unused() {
    Set<String> used = new HashSet<>();
    weights.values().forEach(weight -> used.add(weight.origin()));
    return graph.initializers().stream()
        .filter(tensor -> tensor.isFloating() && tensor.elements() > 1)
        .map(OnnxTensor::name)
        .filter(name -> !used.contains(name))
        .toList();
  }
}
