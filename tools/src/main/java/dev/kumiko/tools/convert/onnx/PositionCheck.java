package dev.kumiko.tools.convert.onnx;

import dev.kumiko.format.Layout.RelativeBias;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.Weight;
import dev.kumiko.tools.convert.onnx.EmbeddingParts.Embeddings;
import dev.kumiko.tools.convert.onnx.LayerFinder.Layer;
import dev.kumiko.tools.convert.onnx.evaluate.Array;
import dev.kumiko.tools.convert.onnx.evaluate.Evaluator;
import dev.kumiko.tools.convert.onnx.graph.OnnxGraph;
import dev.kumiko.tools.convert.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks what depends on places in a text with a long one: which positions tokens have, and what is
 * done to the attention scores of a text without padding. There must be nothing but the bias of a
 * table by distance; a causal mask or a window is refused.
 */
final class PositionCheck {
  /** Beyond the distance from which on the relatives of MPNet make no difference. */
  private static final int LONG = 160;

  private static final int MAX_DISTANCE = 128;

  private final OnnxGraph graph;
  private final Embeddings embeddings;
  private final List<Layer> layers;
  private final int longest;

  /**
   * Checks an encoder.
   *
   * @param longest the longest text the graph takes
   */
  PositionCheck(OnnxGraph graph, Embeddings embeddings, List<Layer> layers, int longest) {
    this.graph = graph;
    this.embeddings = embeddings;
    this.layers = layers;
    this.longest = longest;
  }

  /** Checks that the tokens of a longest text, some of them padding, have Kumiko's positions. */
  void checkPositions() throws ConversionException {
    if (embeddings.positionIndices().isEmpty()) {
      return;
    }
    int vocabulary = Math.toIntExact(embeddings.words().shape().get(0));
    Probe probe = Probe.of(longest, vocabulary, texts(longest));
    if (embeddings.paddingId().isPresent()) {
      int padding = embeddings.paddingId().getAsInt();
      if (padding < 0 || padding >= vocabulary) {
        throw graph.error("positions begin with %d.".formatted(padding + 1));
      }
      for (int i = 2; i < longest; i += 5) {
        probe.ids()[0][i] = padding;
      }
    }
    String indices = embeddings.positionIndices().get();
    Array found = probe.run(graph, 1, List.of(indices)).get(indices);
    List<Integer> expected =
        EmbeddingParts.expectedPositions(probe.ids()[0], embeddings.paddingId());
    for (int i = 0; i < longest; i++) {
      if (found.size() % longest != 0 || found.get(i) != expected.get(i)) {
        throw graph.error(
            "token %d of a text has the position %.0f, where Kumiko counts %d."
                .formatted(i, found.get(Math.min(i, found.size() - 1)), expected.get(i)));
      }
    }
  }

  /** As many texts without padding as the graph takes, or one. */
  private int[] texts(int length) throws ConversionException {
    int[] lengths = new int[Math.max(1, Probe.fixedShape(graph)[0])];
    Arrays.fill(lengths, length);
    return lengths;
  }

  /** A table by distance and the value that says which of its rows are taken. */
  private record Distances(Weight table, String indices) {}

  /** Returns the table of what is added to the scores by distance, if there is one. */
  Optional<Weight> relativeBias(int heads) throws ConversionException {
    Set<Distances> tables = new HashSet<>();
    Set<String> operands = new LinkedHashSet<>();
    for (Layer layer : layers) {
      for (String operand : layer.scoreOperands()) {
        operands.add(operand);
        findTable(operand, heads).ifPresent(tables::add);
      }
    }
    if (tables.size() > 1) {
      throw graph.error(
          "the layers add %d tables by distance to the attention scores; Kumiko has one for all."
              .formatted(tables.size()));
    }
    Optional<Distances> found = tables.stream().findFirst();
    if (found.isPresent()) {
      checkBuckets(found.get());
    }
    checkOperands(operands, found, heads);
    return found.map(Distances::table);
  }

  private Optional<Distances> findTable(String operand, int heads) {
    for (OnnxNode node : graph.ancestors(operand, node -> node.is("Shape"))) {
      Optional<Constant> table =
          node.is("Gather")
              ? Constant.find(graph, node.input(0)).filter(Constant::isMatrix)
              : Optional.empty();
      if (table.isPresent() && table.get().tensor().shape().get(1) == heads) {
        return Optional.of(new Distances(table.get().matrix(false), node.input(1)));
      }
    }
    return Optional.empty();
  }

  /** Returns how distances choose a row of a table. */
  static RelativeBias buckets(Weight table) {
    return new RelativeBias(Math.toIntExact(table.shape().get(0)), MAX_DISTANCE);
  }

  private void checkBuckets(Distances distances) throws ConversionException {
    int tokens = Math.min(longest, 512);
    Array found = run(tokens, List.of(distances.indices())).get(distances.indices());
    RelativeBias buckets = buckets(distances.table());
    for (int i = 0; i < found.size(); i++) {
      int distance = i % tokens - i / tokens % tokens;
      if (found.size() != tokens * tokens || found.get(i) != buckets.bucket(distance)) {
        throw graph.error(
            "a key at the distance %d has the bucket %.0f of the attention bias, where Kumiko has %d."
                .formatted(distance, found.get(i), buckets.bucket(distance)));
      }
    }
  }

  private Map<String, Array> run(int tokens, List<String> wanted) throws ConversionException {
    int vocabulary = Math.toIntExact(embeddings.words().shape().get(0));
    Probe probe = Probe.of(tokens, vocabulary, texts(tokens));
    return probe.run(graph, 1, wanted);
  }

  private void checkOperands(Set<String> operands, Optional<Distances> distances, int heads)
      throws ConversionException {
    List<String> computed =
        new ArrayList<>(
            operands.stream().filter(operand -> graph.constant(operand).isEmpty()).toList());
    int tokens = Math.min(longest, LONG);
    Map<String, Array> values = run(tokens, computed);
    for (String operand : operands) {
      Optional<Array> value = Optional.ofNullable(values.get(operand));
      Array array = value.or(() -> new Evaluator(graph).constant(operand)).orElseThrow();
      boolean byDistance = distances.isPresent() && findTable(operand, heads).isPresent();
      if (byDistance) {
        checkBias(operand, array, distances.get(), tokens, heads);
      } else if (!isUniform(array)) {
        throw graph.error(
            "what the attention scores are combined with (%s) differs by the place in a text without padding: "
                    .formatted(operand)
                + "a causal mask, a window or a bias that Kumiko does not read from an .onnx.");
      }
    }
  }

  private static boolean isUniform(Array array) {
    for (int i = 1; i < array.size(); i++) {
      if (array.get(i) != array.get(0)) {
        return false;
      }
    }
    return true;
  }

  private void checkBias(String operand, Array array, Distances distances, int tokens, int heads)
      throws ConversionException {
    Array table = new Evaluator(graph).constant(distances.table().origin()).orElseThrow();
    RelativeBias buckets = buckets(distances.table());
    for (int i = 0; i < array.size(); i++) {
      int head = i / tokens / tokens % heads;
      int distance = i % tokens - i / tokens % tokens;
      double expected = table.get(buckets.bucket(distance) * heads + head);
      if (array.size() % (heads * tokens * tokens) != 0 || array.get(i) != expected) {
        throw graph.error(
            "the attention bias %s has %s at the distance %d of head %d, where its table has %s."
                .formatted(operand, array.get(i), distance, head, expected));
      }
    }
  }
}
