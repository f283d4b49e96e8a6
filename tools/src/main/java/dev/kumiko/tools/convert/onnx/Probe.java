package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.onnx.evaluate.Array;
import dev.kumiko.tools.convert.onnx.evaluate.Array.Kind;
import dev.kumiko.tools.convert.onnx.evaluate.Evaluator;
import dev.kumiko.tools.convert.onnx.graph.GraphInput;
import dev.kumiko.tools.convert.onnx.graph.OnnxGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Texts of made-up tokens that a graph is tried with. */
final class Probe {
  static final String IDS = "input_ids";
  static final String MASK = "attention_mask";
  static final String TYPES = "token_type_ids";

  /** The first ids are mostly those of special tokens, which some families treat otherwise. */
  private static final int SPECIAL = 4;

  private final int[][] ids;
  private final int[] lengths;

  private Probe(int[][] ids, int[] lengths) {
    this.ids = ids;
    this.lengths = lengths;
  }

  /** Returns the token ids, {@code [texts][tokens]}, padded to the same length. */
  int[][] ids() {
    return ids;
  }

  /** Returns how many of its tokens each text has; the mask hides the others. */
  int[] lengths() {
    return lengths;
  }

  /** Returns texts of one length, the last of them, if there are several, with padding. */
  static Probe of(int texts, int tokens, int vocabulary) {
    int[] lengths = new int[texts];
    Arrays.fill(lengths, tokens);
    if (texts > 1) {
      lengths[texts - 1] = Math.max(1, tokens - 2);
    }
    return of(tokens, vocabulary, lengths);
  }

  /** Returns texts of the given lengths, padded to {@code tokens}. */
  static Probe of(int tokens, int vocabulary, int... lengths) {
    int[][] ids = new int[lengths.length][tokens];
    int most = Math.max(1, vocabulary - SPECIAL);
    for (int text = 0; text < lengths.length; text++) {
      for (int i = 0; i < tokens; i++) {
        ids[text][i] = Math.min(vocabulary - 1, SPECIAL + (text * 31 + i * 7) % most);
      }
    }
    return new Probe(ids, lengths);
  }

  /**
   * Returns what a graph is tried with: texts with and without padding, of two lengths if the graph
   * takes any.
   */
  static List<Probe> all(OnnxGraph graph, int vocabulary, int longest) throws ConversionException {
    int[] fixed = fixedShape(graph);
    int texts = fixed[0] > 0 ? fixed[0] : 2;
    int tokens = fixed[1] > 0 ? fixed[1] : Math.min(7, longest);
    List<Probe> probes = new ArrayList<>();
    probes.add(of(texts, tokens, vocabulary));
    if (fixed[0] == 1) {
      probes.add(of(tokens, vocabulary, Math.max(1, tokens - 2)));
    }
    if (fixed[0] <= 0 && fixed[1] <= 0) {
      probes.add(of(1, Math.min(3, longest), vocabulary));
    }
    return probes;
  }

  /** Returns the number of texts and of tokens that the graph takes, -1 for any. */
  static int[] fixedShape(OnnxGraph graph) throws ConversionException {
    GraphInput ids =
        graph.inputs().stream()
            .filter(input -> input.name().equals(IDS))
            .findFirst()
            .orElseThrow(
                () ->
                    graph.error(
                        "the graph has no input %s, but %s: this is not a text encoder as PyTorch or optimum export it."
                            .formatted(
                                IDS, graph.inputs().stream().map(GraphInput::name).toList())));
    List<Long> shape = ids.shape();
    if (shape.isEmpty()) {
      return new int[] {-1, -1};
    }
    if (shape.size() != 2 || shape.stream().anyMatch(d -> d == 0 || d > 1 << 16)) {
      throw graph.error(
          "the input %s has the shape %s, expected [texts, tokens].".formatted(IDS, shape));
    }
    return shape.stream().mapToInt(Math::toIntExact).toArray();
  }

  /** Returns the length of the padded texts. */
  int tokens() {
    return ids[0].length;
  }

  /** Returns the token type given to a token, if the graph takes token types. */
  static int type(int token, int types) {
    return types > 1 ? token / 2 % 2 : 0;
  }

  /** Computes values of the graph for these texts. */
  Map<String, Array> run(OnnxGraph graph, int types, Collection<String> wanted)
      throws ConversionException {
    int[] shape = {ids.length, tokens()};
    double[] idValues = new double[shape[0] * shape[1]];
    double[] mask = new double[idValues.length];
    double[] typeValues = new double[idValues.length];
    for (int i = 0; i < idValues.length; i++) {
      int text = i / shape[1];
      int token = i % shape[1];
      idValues[i] = ids[text][token];
      mask[i] = token < lengths[text] ? 1 : 0;
      typeValues[i] = type(token, types);
    }
    Map<String, Array> given = new HashMap<>();
    given.put(IDS, Array.of(Kind.INTEGER, shape, idValues));
    given.put(MASK, Array.of(Kind.INTEGER, shape, mask));
    given.put(TYPES, Array.of(Kind.INTEGER, shape, typeValues));
    return new Evaluator(graph).run(given, wanted);
  }
}
