package dev.kumiko.tools.convert.onnx;

import dev.kumiko.encode.Pooler;
import dev.kumiko.format.Pooling;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.onnx.evaluate.Array;
import dev.kumiko.tools.convert.onnx.evaluate.Array.Kind;
import dev.kumiko.tools.convert.onnx.graph.OnnxGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a graph itself makes of its token vectors: an output with one vector for each text, as
 * exports of a whole sentence-transformers model have it. Which pooling it is, is found out by
 * computing all of them.
 *
 * @param output the output's name
 * @param pooling how its token vectors become one
 * @param normalize whether that is divided by its length
 */
record PooledOutput(String output, Pooling pooling, boolean normalize) {
  /** What optimum and sentence-transformers call it. */
  private static final String USUAL_NAME = "sentence_embedding";

  private static final double TOLERANCE = 1e-4;
  private static final double HALF_TOLERANCE = 5e-3;

  /**
   * Finds the output that is a pooling of {@code hidden} for all probes, if there is one.
   *
   * @param half whether the graph has fp16 weights
   * @throws ConversionException if the graph has an output that must be one and is none
   */
  static Optional<PooledOutput> find(
      OnnxGraph graph, List<Probe> probes, int types, String hidden, boolean half)
      throws ConversionException {
    List<String> outputs = new ArrayList<>(graph.outputs());
    if (outputs.remove(USUAL_NAME)) {
      outputs.addFirst(USUAL_NAME);
    }
    for (String output : outputs) {
      List<PooledOutput> possible = possible(output);
      try {
        for (Probe probe : probes) {
          Map<String, Array> values = probe.run(graph, types, List.of(hidden, output));
          possible.removeIf(pooled -> !pooled.isIn(values, probe, hidden, half));
        }
      } catch (ConversionException e) {
        if (output.equals(USUAL_NAME)) {
          throw e;
        }
        // Another head may have operators that do not matter.
        possible.clear();
      }
      if (!possible.isEmpty()) {
        return Optional.of(possible.getFirst());
      }
      if (output.equals(USUAL_NAME)) {
        throw graph.error(
            ("its output %s is no pooling of the token vectors that Kumiko knows (mean, cls, max,"
                    + " ..., normalised or not): something else follows the encoder. Convert the"
                    + " folder that it was exported from.")
                .formatted(output));
      }
    }
    return Optional.empty();
  }

  private static List<PooledOutput> possible(String output) {
    List<PooledOutput> all = new ArrayList<>();
    for (Pooling pooling : Pooling.values()) {
      all.add(new PooledOutput(output, pooling, false));
      all.add(new PooledOutput(output, pooling, true));
    }
    return all;
  }

  private boolean isIn(Map<String, Array> values, Probe probe, String hidden, boolean half) {
    Array found = values.get(output);
    Array tokens = values.get(hidden);
    if (found == null || tokens == null) {
      return false; // no node computes what the graph names as its output
    }
    int texts = probe.lengths().length;
    int size = tokens.last();
    if (found.kind() != Kind.FLOAT || found.size() != texts * size) {
      return false;
    }
    double most = 0;
    double distance = 0;
    for (int text = 0; text < texts; text++) {
      float[] rows = new float[probe.lengths()[text] * size];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) tokens.get(text * probe.tokens() * size + i);
      }
      float[] expected = Pooler.pool(List.of(pooling), rows, 0, probe.lengths()[text], 0, size);
      if (normalize) {
        Pooler.normalize(expected);
      }
      for (int i = 0; i < size; i++) {
        double apart = Math.abs(expected[i] - found.get(text * size + i));
        distance = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(distance, apart);
        most = Math.max(most, Math.abs(expected[i]));
      }
    }
    return distance <= (half ? HALF_TOLERANCE : TOLERANCE) * most;
  }
}
