package dev.kumiko.tools.convert.onnx;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.DType;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.Weight;
import dev.kumiko.tools.convert.onnx.LayerParts.Linear;
import dev.kumiko.tools.convert.onnx.LayerParts.Norm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads a BERT encoder out of a graph of primitive operators. The graph is followed from the token
 * ids to the last layer, so that what is accepted computes what Kumiko's encoder computes.
 */
final class BertGraph {
  private static final String WORDS = "embeddings.word_embeddings.weight";
  private static final String EMBEDDING_NORM = "embeddings.LayerNorm";

  private final OnnxGraph graph;
  private final LayerParts parts;
  private final String prefix;
  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();
  private Activation activation;
  private float epsilon;
  private int heads;

  /**
   * What was found.
   *
   * @param architecture sizes and choices
   * @param weights the tensors by their names in PyTorch's BertModel
   * @param unused names of the initialisers that the encoder does not need
   */
  record Bert(Architecture architecture, Map<String, Weight> weights, List<String> unused) {}

  private BertGraph(OnnxGraph graph) throws ConversionException {
    this.graph = graph;
    parts = new LayerParts(graph);
    prefix =
        graph.initializers().stream()
            .map(OnnxTensor::name)
            .filter(name -> name.endsWith(WORDS))
            .map(name -> name.substring(0, name.length() - WORDS.length()))
            .findFirst()
            .orElseThrow(
                () ->
                    graph.error(
                        "no tensor is named %s: this is not a BERT encoder as PyTorch exports it."
                            .formatted(WORDS)));
  }

  /** Finds the encoder. */
  static Bert read(OnnxGraph graph) throws ConversionException {
    refuseQuantized(graph);
    return new BertGraph(graph).read();
  }

  private static void refuseQuantized(OnnxGraph graph) throws ConversionException {
    Set<String> foreign =
        graph.nodes().stream()
            .filter(
                node ->
                    node.operator().matches("(QLinear|Dequantize|DynamicQuantize|Quantize).*")
                        || node.operator().endsWith("Integer"))
            .map(OnnxNode::operator)
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

  private Bert read() throws ConversionException {
    OnnxTensor words = table(WORDS);
    OnnxTensor positions = table("embeddings.position_embeddings.weight");
    OnnxTensor types = table("embeddings.token_type_embeddings.weight");
    int hiddenSize = Math.toIntExact(words.shape().get(1));
    Norm embeddings = norm(EMBEDDING_NORM);
    epsilon = embeddings.epsilon();
    new EmbeddingSum(graph).check(embeddings.input(), words, positions, types);

    String hidden = embeddings.output();
    int layers = 0;
    while (graph.initializer(layerName(layers) + ".attention.self.query.bias").isPresent()) {
      hidden = readLayer(layers, hidden, hiddenSize);
      layers++;
    }
    if (layers == 0) {
      throw graph.error(
          "the tensor %s.attention.self.query.bias is missing.".formatted(layerName(0)));
    }
    requireOutput(hidden, layers);
    Architecture architecture =
        new Architecture(
            "bert",
            layers,
            hiddenSize,
            heads,
            Math.toIntExact(weights.get("encoder.layer.0.intermediate.dense.bias").shape().get(0)),
            activation,
            Double.parseDouble(Float.toString(epsilon)),
            Math.toIntExact(words.shape().get(0)),
            Math.toIntExact(positions.shape().get(0)),
            Math.toIntExact(types.shape().get(0)));
    return new Bert(architecture, weights, unused());
  }

  private String layerName(int layer) {
    return prefix + "encoder.layer." + layer;
  }

  private String readLayer(int index, String hidden, int hiddenSize) throws ConversionException {
    String layer = "encoder.layer." + index;
    Linear query = linear(layer + ".attention.self.query", hidden);
    Linear key = linear(layer + ".attention.self.key", hidden);
    Linear value = linear(layer + ".attention.self.value", hidden);
    Linear output = linear(layer + ".attention.output.dense");
    int found = new Attention(graph, layer, hiddenSize).heads(query, key, value, output);
    heads = same(layer, "attention heads", index, heads, found);
    Norm attended = residual(layer + ".attention.output.LayerNorm", output.output(), hidden);
    Linear wide = linear(layer + ".intermediate.dense", attended.output());
    Linear narrow = linear(layer + ".output.dense");
    Activation function = ActivationProbe.recognize(graph, wide.output(), narrow.input());
    activation = same(layer, "activation", index, activation, function);
    return residual(layer + ".output.LayerNorm", narrow.output(), attended.output()).output();
  }

  private <T> T same(String layer, String what, int index, T before, T found)
      throws ConversionException {
    if (index > 0 && !before.equals(found)) {
      throw graph.error(
          "%s has another %s (%s) than the layers before it (%s)."
              .formatted(layer, what, found, before));
    }
    return found;
  }

  private Norm residual(String name, String update, String hidden) throws ConversionException {
    Norm norm = norm(name);
    boolean isSum =
        graph
            .producer(norm.input(), "Add")
            .filter(add -> Set.copyOf(add.inputs()).equals(Set.of(update, hidden)))
            .isPresent();
    if (!isSum) {
      throw graph.error(
          "%s does not normalise the sum of %s and %s; only post-LayerNorm BERT is supported."
              .formatted(name, update, hidden));
    }
    if (norm.epsilon() != epsilon) {
      throw graph.error(
          "%s has the epsilon %s, the embeddings have %s; Kumiko has one for all."
              .formatted(name, norm.epsilon(), epsilon));
    }
    return norm;
  }

  private Linear linear(String name, String input) throws ConversionException {
    Linear linear = linear(name);
    if (!linear.input().equals(input)) {
      throw graph.error(
          "%s reads %s where %s was expected.".formatted(name, linear.input(), input));
    }
    return linear;
  }

  private Linear linear(String name) throws ConversionException {
    Linear linear = parts.linear(prefix + name);
    add(name + ".weight", linear.weight(), true);
    add(name + ".bias", linear.bias(), false);
    return linear;
  }

  private Norm norm(String name) throws ConversionException {
    Norm norm = parts.norm(prefix + name);
    add(name + ".weight", norm.weight(), false);
    add(name + ".bias", norm.bias(), false);
    return norm;
  }

  private OnnxTensor table(String name) throws ConversionException {
    OnnxTensor tensor = parts.tensor(prefix + name);
    if (tensor.shape().size() != 2) {
      throw graph.error(
          "tensor %s has the shape %s, expected two dimensions."
              .formatted(tensor.name(), tensor.shape()));
    }
    add(name, tensor, false);
    return tensor;
  }

  private void add(String name, OnnxTensor tensor, boolean transposed) throws ConversionException {
    List<Long> shape = tensor.shape();
    DType type = tensor.type().dtype();
    if (type == null) {
      throw graph.error(
          "tensor %s holds %s values, expected FLOAT.".formatted(tensor.name(), tensor.type()));
    }
    weights.put(
        name,
        new Weight(
            tensor.name(), type, transposed ? shape.reversed() : shape, tensor.data(), transposed));
    used.add(tensor.name());
  }

  private void requireOutput(String hidden, int layers) throws ConversionException {
    boolean isOutput =
        graph.outputs().contains(hidden)
            || graph.consumers(hidden).stream()
                .anyMatch(node -> node.is("Identity") && graph.outputs().contains(node.output()));
    if (!isOutput) {
      throw graph.error(
          "the output of the last layer found (%s) is not an output of the graph (%s): something "
                  .formatted(layerName(layers - 1), String.join(", ", graph.outputs()))
              + "follows it that Kumiko does not know.");
    }
  }

  /** Names what the encoder leaves over, or refuses if that could be a part of the model. */
  private List<String> unused() throws ConversionException {
    Set<String> pooler = new HashSet<>();
    for (OnnxNode node : graph.consumers(prefix + "pooler.dense.bias")) {
      pooler.addAll(node.inputs());
      node.inputs()
          .forEach(
              input -> graph.producer(input, "MatMul").ifPresent(m -> pooler.addAll(m.inputs())));
    }
    List<String> explained = new ArrayList<>();
    List<String> unexplained = new ArrayList<>();
    for (OnnxTensor tensor : graph.initializers()) {
      boolean constant = tensor.isInteger() || tensor.isFloatScalar();
      if (pooler.contains(tensor.name()) || (constant && !used.contains(tensor.name()))) {
        explained.add(tensor.name());
      } else if (!used.contains(tensor.name())) {
        unexplained.add(tensor.name());
      }
    }
    if (!unexplained.isEmpty()) {
      throw graph.error(
          "these tensors belong to no part of BERT that Kumiko knows: %s."
              .formatted(String.join(", ", unexplained)));
    }
    return explained;
  }
}
