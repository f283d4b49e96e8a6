package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.ConversionException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks that the embeddings are the sum of a token's, its position's and its type's vector, and
 * that positions count from zero.
 */
final class EmbeddingSum {
  private static final Set<String> POSITION_OPERATORS =
      Set.of("Slice", "Unsqueeze", "Expand", "Cast", "Identity", "Reshape");

  private final OnnxGraph graph;

  EmbeddingSum(OnnxGraph graph) {
    this.graph = graph;
  }

  /** Checks that {@code sum} is made of the three tables. */
  void check(String sum, OnnxTensor words, OnnxTensor positions, OnnxTensor types)
      throws ConversionException {
    Map<String, String> indices = new TreeMap<>();
    String rest = sum;
    for (Optional<OnnxNode> add = graph.producer(rest, "Add");
        add.isPresent();
        add = graph.producer(rest, "Add")) {
      boolean gatherFirst = graph.producer(add.get().input(0), "Gather").isPresent();
      boolean gatherSecond = graph.producer(add.get().input(1), "Gather").isPresent();
      if (!gatherFirst && !gatherSecond) {
        throw unexpected("the sum " + rest);
      }
      int gather = gatherSecond ? 1 : 0;
      look(add.get().input(gather), indices);
      rest = add.get().input(1 - gather);
    }
    look(rest, indices);
    if (!indices.keySet().equals(Set.of(words.name(), positions.name(), types.name()))) {
      throw unexpected("the tables " + indices.keySet());
    }
    requireInput("input_ids", indices.get(words.name()));
    requireInput("token_type_ids", indices.get(types.name()));
    requireCounting(indices.get(positions.name()));
  }

  private void look(String value, Map<String, String> indices) throws ConversionException {
    OnnxNode gather =
        graph
            .producer(value, "Gather")
            .orElseThrow(() -> unexpected("no table is looked up for " + value));
    long[] axis = gather.integers("axis");
    if (axis.length == 1 && axis[0] != 0) {
      throw unexpected("a look-up along axis " + axis[0]);
    }
    indices.put(gather.input(0), gather.input(1));
  }

  private void requireInput(String name, String value) throws ConversionException {
    String source = value;
    for (Optional<OnnxNode> cast = graph.producer(source, "Cast");
        cast.isPresent();
        cast = graph.producer(source, "Cast")) {
      source = cast.get().input(0);
    }
    if (!source.equals(name) || !graph.isInput(name)) {
      throw unexpected("%s where the input %s was expected".formatted(source, name));
    }
  }

  private void requireCounting(String value) throws ConversionException {
    String source = value;
    Optional<OnnxNode> node = graph.producer(source);
    while (node.isPresent() && POSITION_OPERATORS.contains(node.get().operator())) {
      if (node.get().is("Slice") && !startsAtZero(node.get())) {
        throw unexpected("positions that do not begin at 0");
      }
      source = node.get().input(0);
      node = graph.producer(source);
    }
    String found = source;
    long[] counted =
        graph
            .integers(source)
            .orElseThrow(
                () ->
                    unexpected(
                        "positions computed by %s, as other families than BERT do"
                            .formatted(
                                graph.producer(found).map(OnnxNode::operator).orElse(found))));
    for (int i = 0; i < counted.length; i++) {
      if (counted[i] != i) {
        throw unexpected("position %d at index %d".formatted(counted[i], i));
      }
    }
  }

  private boolean startsAtZero(OnnxNode slice) {
    return graph
        .integers(slice.input(1))
        .filter(starts -> starts.length == 1 && starts[0] == 0)
        .isPresent();
  }

  private ConversionException unexpected(String what) {
    return graph.error("the embeddings are not those of BERT: %s.".formatted(what));
  }
}
