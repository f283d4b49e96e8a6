package dev.kumiko.bench.onnx;

import dev.kumiko.bench.onnx.OnnxWriter.ElementType;
import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Layout;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a BERT encoder with its head as the ONNX graph that ONNX Runtime computes fastest on a
 * CPU: attention, GELU and embeddings are operators of its own, and its optimiser joins each sum
 * with the LayerNorm behind it. An export of PyTorch's, where it recognises no attention, takes a
 * quarter longer with LEALLA-small.
 */
public final class BertGraph {
  /** {@code [texts][tokens]}, INT64. */
  private static final String IDS = "input_ids";

  /** 1 for a token, 0 behind a text's end. */
  private static final String MASK = "attention_mask";

  private static final String TYPES = "token_type_ids";

  /** {@code [texts][components]}. */
  private static final String OUTPUT = "sentence_embedding";

  private static final String TEXTS = "texts";
  private static final String TOKENS = "tokens";
  private static final Map<String, Number> NO_ATTRIBUTES = Map.of();

  private final ModelFile file;
  private final Architecture sizes;
  private final Head head;
  private final int hidden;
  private final OnnxWriter graph;

  private BertGraph(ModelFile file, ModelDescription model, OnnxWriter graph) {
    this.file = file;
    this.sizes = model.architecture();
    this.head = model.head();
    this.hidden = sizes.hiddenSize();
    this.graph = graph;
  }

  /**
   * Writes the graph of a model.
   *
   * @param model a Kumiko model in fp32 with the parts of BERT, GELU, a single pooling, CLS or
   *     mean, and at most dense layers without an activation or with tanh behind it
   * @param target the file to write
   * @throws IllegalArgumentException if the model has other parts
   * @throws IOException if a file cannot be read or written, or the graph is larger than 2 GB
   */
  public static void write(Path model, Path target) throws IOException {
    try (ModelFile file = ModelFile.open(model)) {
      ModelDescription description = ModelDescription.of(file);
      check(description);
      try (OnnxWriter graph = new OnnxWriter(target)) {
        new BertGraph(file, description, graph).write();
      }
    }
  }

  private static void check(ModelDescription model) {
    Architecture sizes = model.architecture();
    require(model, "layout", sizes.layout().equals(Layout.BERT), sizes.layout());
    require(model, "activation", sizes.activation() == Activation.GELU, sizes.activation());
    require(model, "number of token types", sizes.tokenTypes() > 0, sizes.tokenTypes());
    List<Pooling> pooling = model.head().pooling();
    boolean single = pooling.equals(List.of(Pooling.CLS)) || pooling.equals(List.of(Pooling.MEAN));
    require(model, "pooling", single, pooling);
    for (HeadStep step : model.head().steps()) {
      boolean known =
          step instanceof HeadStep.Dense dense
              && (dense.activation() == HeadActivation.TANH
                  || dense.activation() == HeadActivation.IDENTITY);
      require(model, "step behind the pooling", known, step);
    }
  }

  private static void require(ModelDescription model, String what, boolean known, Object found) {
    if (!known) {
      throw new IllegalArgumentException(
          "%s: no graph is written for the %s %s".formatted(model.name(), what, found));
    }
  }

  private void write() throws IOException {
    for (String input : List.of(IDS, MASK, TYPES)) {
      graph.input(input, ElementType.INT64, TEXTS, TOKENS);
    }
    String lengths = "lengths";
    String x = embeddings("embedded", lengths);
    for (int layer = 0; layer < sizes.layers(); layer++) {
      x = layer(layer, x, lengths);
    }
    String vector = head.pooling().contains(Pooling.CLS) ? first(x) : mean(x);
    for (int step = 0; step < head.steps().size(); step++) {
      vector = dense(step, vector);
    }
    String last = head.normalize() ? "LpNormalization" : "Identity";
    Map<String, Number> norm = head.normalize() ? Map.of("axis", -1, "p", 2) : NO_ATTRIBUTES;
    graph.node("", last, List.of(vector), List.of(OUTPUT), norm);
    graph.output(OUTPUT, ElementType.FLOAT, TEXTS, "components");
  }

  private String embeddings(String output, String lengths) throws IOException {
    String norm = TensorNames.EMBEDDINGS_NORM;
    return graph.node(
        OnnxWriter.MICROSOFT,
        "EmbedLayerNormalization",
        List.of(
            cast(IDS, ElementType.INT32),
            cast(TYPES, ElementType.INT32),
            tensor(TensorNames.TOKEN_EMBEDDINGS),
            tensor(TensorNames.POSITION_EMBEDDINGS),
            tensor(TensorNames.TOKEN_TYPE_EMBEDDINGS),
            tensor(TensorNames.weight(norm)),
            tensor(TensorNames.bias(norm)),
            cast(MASK, ElementType.INT32)),
        List.of(output, lengths),
        epsilon());
  }

  private String layer(int i, String x, String lengths) throws IOException {
    String attended =
        graph.node(
            OnnxWriter.MICROSOFT,
            "Attention",
            List.of(x, packedWeight(i), packedBias(i), lengths),
            List.of("layers." + i + ".attended"),
            Map.of("num_heads", sizes.attentionHeads()));
    String projected = linear(TensorNames.attentionOutput(i), attended);
    String y = addAndNormalize(TensorNames.attentionNorm(i), x, projected);
    String up = TensorNames.feedForwardUp(i);
    String wide =
        graph.node(
            OnnxWriter.MICROSOFT,
            "BiasGelu",
            List.of(product(up, y), tensor(TensorNames.bias(up))),
            List.of(up + ".activated"),
            NO_ATTRIBUTES);
    String down = linear(TensorNames.feedForwardDown(i), wide);
    return addAndNormalize(TensorNames.feedForwardNorm(i), y, down);
  }

  /** The maps to queries, keys and values, {@code [hidden][3 x hidden]}. */
  private String packedWeight(int layer) throws IOException {
    float[] packed = new float[Math.multiplyExact(3 * hidden, hidden)];
    int part = 0;
    for (String name : projections(layer)) {
      transpose(values(TensorNames.weight(name)), hidden, packed, 3 * hidden, part * hidden);
      part++;
    }
    return graph.floats("layers." + layer + ".qkv.weight", packed, hidden, 3L * hidden);
  }

  private String packedBias(int layer) throws IOException {
    float[] packed = new float[3 * hidden];
    int part = 0;
    for (String name : projections(layer)) {
      System.arraycopy(values(TensorNames.bias(name)), 0, packed, part * hidden, hidden);
      part++;
    }
    return graph.floats("layers." + layer + ".qkv.bias", packed, 3L * hidden);
  }

  private static List<String> projections(int layer) {
    return List.of(
        TensorNames.attentionQuery(layer),
        TensorNames.attentionKey(layer),
        TensorNames.attentionValue(layer));
  }

  private String linear(String part, String x) throws IOException {
    return node("Add", part + ".output", product(part, x), tensor(TensorNames.bias(part)));
  }

  private String product(String part, String x) throws IOException {
    String name = TensorNames.weight(part);
    List<Long> shape = file.tensor(name).shape();
    int outputs = Math.toIntExact(shape.get(0));
    int inputs = Math.toIntExact(shape.get(1));
    float[] transposed = new float[inputs * outputs];
    transpose(values(name), inputs, transposed, outputs, 0);
    return node("MatMul", part + ".product", x, graph.floats(name, transposed, inputs, outputs));
  }

  /** ONNX has weights as {@code [inputs][outputs]}, Kumiko as {@code [outputs][inputs]}. */
  private static void transpose(float[] weight, int inputs, float[] target, int row, int column) {
    for (int at = 0; at < weight.length; at++) {
      target[at % inputs * row + column + at / inputs] = weight[at];
    }
  }

  private String addAndNormalize(String norm, String x, String block) throws IOException {
    return graph.node(
        "",
        "LayerNormalization",
        List.of(
            node("Add", norm + ".sum", x, block),
            tensor(TensorNames.weight(norm)),
            tensor(TensorNames.bias(norm))),
        List.of(norm + ".output"),
        epsilon());
  }

  private Map<String, Number> epsilon() {
    return Map.of("epsilon", (float) sizes.layerNormEpsilon());
  }

  private String first(String x) throws IOException {
    String zero = graph.integers("zero", new long[] {0});
    return graph.node("", "Gather", List.of(x, zero), List.of("pooled"), Map.of("axis", 1));
  }

  private String mean(String x) throws IOException {
    String mask = cast(MASK, ElementType.FLOAT);
    String one = graph.integers("one", new long[] {1}, 1);
    String row = node("Unsqueeze", "mask.row", mask, one);
    String sum = node("Squeeze", "pooled.sum", node("MatMul", "pooled.row", row, x), one);
    return node("Div", "pooled", sum, node("ReduceSum", "mask.sum", mask, one));
  }

  private String dense(int step, String vector) throws IOException {
    HeadStep.Dense dense = (HeadStep.Dense) head.steps().get(step);
    String part = TensorNames.headStep(step);
    String result = dense.bias() ? linear(part, vector) : product(part, vector);
    return dense.activation() == HeadActivation.TANH
        ? node("Tanh", part + ".tanh", result)
        : result;
  }

  private String cast(String input, ElementType type) throws IOException {
    String output = input + "." + type;
    return graph.node("", "Cast", List.of(input), List.of(output), Map.of("to", type.number()));
  }

  private String node(String operator, String output, String... inputs) throws IOException {
    return graph.node("", operator, List.of(inputs), List.of(output), NO_ATTRIBUTES);
  }

  /** Adds a tensor as it is. */
  private String tensor(String name) throws IOException {
    long[] shape = file.tensor(name).shape().stream().mapToLong(Long::longValue).toArray();
    return graph.floats(name, values(name), shape);
  }

  private float[] values(String name) throws IOException {
    return file.tensor(name).toFloats();
  }
}
