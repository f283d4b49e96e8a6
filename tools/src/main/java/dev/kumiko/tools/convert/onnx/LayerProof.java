package dev.kumiko.tools.convert.onnx;

import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.Weight;
import dev.kumiko.tools.convert.onnx.EmbeddingParts.Embeddings;
import dev.kumiko.tools.convert.onnx.LayerFinder.Layer;
import dev.kumiko.tools.convert.onnx.LayerParts.Linear;
import dev.kumiko.tools.convert.onnx.LayerParts.Norm;
import dev.kumiko.tools.convert.onnx.evaluate.Activations;
import dev.kumiko.tools.convert.onnx.evaluate.Array;
import dev.kumiko.tools.convert.onnx.graph.OnnxGraph;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Proves that the parts found in a graph are what it computes with: each part's result from the
 * graph's own input to it, computed as Kumiko does, must be the graph's. A text is computed without
 * its padding, so a mask that does not hide padding is noticed.
 */
final class LayerProof {
  private static final double TOLERANCE = 1e-4;

  /** Constants of a graph in fp16, such as the scale of the scores, have three digits. */
  private static final double HALF_TOLERANCE = 5e-3;

  private final OnnxGraph graph;
  private final Probe probe;
  private final Map<String, Array> values;
  private final double tolerance;

  /**
   * Proves with the values that a graph had for a probe.
   *
   * @param half whether the graph has fp16 weights
   */
  LayerProof(OnnxGraph graph, Probe probe, Map<String, Array> values, boolean half) {
    this.graph = graph;
    this.probe = probe;
    this.values = values;
    this.tolerance = half ? HALF_TOLERANCE : TOLERANCE;
  }

  /** Checks the sum of the embeddings and its normalisation. */
  void check(Embeddings embeddings) throws ConversionException {
    Matrix words = new Matrix(embeddings.words());
    Matrix positions = new Matrix(embeddings.positions());
    Optional<Matrix> types = embeddings.types().map(Matrix::new);
    for (int text = 0; text < probe.lengths().length; text++) {
      int[] ids = probe.ids()[text];
      List<Integer> places = EmbeddingParts.expectedPositions(ids, embeddings.paddingId());
      double[][] sum = new double[probe.lengths()[text]][];
      for (int token = 0; token < sum.length; token++) {
        sum[token] = words.row(ids[token]);
        if (places.get(token) >= positions.rows()) {
          throw graph.error(
              "a text of %d tokens has more than the %d positions of the table."
                  .formatted(sum.length, positions.rows()));
        }
        add(sum[token], positions.row(places.get(token)));
        if (types.isPresent()) {
          add(sum[token], types.get().row(Probe.type(token, types.get().rows())));
        }
      }
      compare(
          "the embeddings", normalize(sum, embeddings.norm()), embeddings.norm().output(), text);
    }
  }

  /** Checks a layer; {@code bias} is the table of what is added to scores by distance. */
  void check(Layer layer, Optional<Weight> bias) throws ConversionException {
    for (int text = 0; text < probe.lengths().length; text++) {
      double[][] hidden = rows(layer.input(), text, probe.lengths()[text]);
      double[][] attended =
          attend(
              layer,
              bias,
              apply(layer.query(), hidden),
              apply(layer.key(), hidden),
              apply(layer.value(), hidden));
      double[][] first = apply(layer.output(), attended);
      add(first, hidden);
      first = normalize(first, layer.attentionNorm());
      String name = "layer %d".formatted(layer.number());
      compare("the attention of " + name, first, layer.attentionNorm().output(), text);
      double[][] wide = apply(layer.up(), first);
      var activation = Activations.function(layer.activation());
      for (double[] row : wide) {
        for (int i = 0; i < row.length; i++) {
          row[i] = activation.applyAsDouble(row[i]);
        }
      }
      double[][] second = apply(layer.down(), wide);
      add(second, first);
      compare(name, normalize(second, layer.outputNorm()), layer.outputNorm().output(), text);
    }
  }

  private static double[][] attend(
      Layer layer, Optional<Weight> bias, double[][] queries, double[][] keys, double[][] inputs) {
    int tokens = queries.length;
    int hidden = queries[0].length;
    int size = layer.headSize();
    Optional<Matrix> table = bias.map(Matrix::new);
    double[][] result = new double[tokens][hidden];
    for (int from = 0; from < hidden; from += size) {
      for (int q = 0; q < tokens; q++) {
        double[] weights = new double[tokens];
        double sum = 0;
        for (int k = 0; k < tokens; k++) {
          double score = 0;
          for (int i = from; i < from + size; i++) {
            score += queries[q][i] * keys[k][i];
          }
          weights[k] = score / Math.sqrt(size);
          if (table.isPresent()) {
            int bucket = PositionCheck.buckets(bias.get()).bucket(k - q);
            weights[k] += table.get().row(bucket)[from / size];
          }
        }
        double most = Arrays.stream(weights).max().orElseThrow();
        for (int k = 0; k < tokens; k++) {
          weights[k] = Math.exp(weights[k] - most);
          sum += weights[k];
        }
        for (int k = 0; k < tokens; k++) {
          for (int i = from; i < from + size; i++) {
            result[q][i] += weights[k] / sum * inputs[k][i];
          }
        }
      }
    }
    return result;
  }

  private static double[][] apply(Linear linear, double[][] rows) {
    Matrix weight = new Matrix(linear.weight());
    double[] bias = new Matrix(linear.bias()).column();
    double[][] result = new double[rows.length][bias.length];
    for (int out = 0; out < bias.length; out++) {
      double[] row = weight.row(out);
      for (int token = 0; token < rows.length; token++) {
        double sum = bias[out];
        for (int i = 0; i < row.length; i++) {
          sum += row[i] * rows[token][i];
        }
        result[token][out] = sum;
      }
    }
    return result;
  }

  private static double[][] normalize(double[][] rows, Norm norm) {
    double[] weight = new Matrix(norm.weight()).column();
    double[] bias = new Matrix(norm.bias()).column();
    for (double[] row : rows) {
      double mean = Arrays.stream(row).sum() / row.length;
      double variance = 0;
      for (double x : row) {
        variance += (x - mean) * (x - mean) / row.length;
      }
      double deviation = Math.sqrt(variance + norm.epsilon());
      for (int i = 0; i < row.length; i++) {
        row[i] = (row[i] - mean) / deviation * weight[i] + bias[i];
      }
    }
    return rows;
  }

  private static void add(double[][] to, double[][] from) {
    for (int row = 0; row < to.length; row++) {
      add(to[row], from[row]);
    }
  }

  private static void add(double[] to, double[] from) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from[i];
    }
  }

  /** Returns the rows of a text's tokens in a value {@code [texts][tokens][hidden]}. */
  private double[][] rows(String value, int text, int tokens) throws ConversionException {
    Array array = values.get(value);
    int width = array == null ? 0 : array.last();
    if (array == null || array.size() != probe.lengths().length * probe.tokens() * width) {
      throw graph.error(
          "the value %s is %s, expected one row for each token.".formatted(value, array));
    }
    double[][] rows = new double[tokens][width];
    for (int token = 0; token < tokens; token++) {
      for (int i = 0; i < width; i++) {
        rows[token][i] = array.get((text * probe.tokens() + token) * width + i);
      }
    }
    return rows;
  }

  private void compare(String what, double[][] expected, String value, int text)
      throws ConversionException {
    double[][] found = rows(value, text, expected.length);
    double most = 1;
    double distance = 0;
    for (int token = 0; token < expected.length; token++) {
      for (int i = 0; i < expected[token].length; i++) {
        most = Math.max(most, Math.abs(expected[token][i]));
        double apart = Math.abs(expected[token][i] - found[token][i]);
        distance = Double.isNaN(apart) ? Double.POSITIVE_INFINITY : Math.max(distance, apart);
      }
    }
    if (!(distance <= tolerance * most)) {
      boolean padded = expected.length < probe.tokens();
      throw graph.error(
          "the graph computes %s otherwise than BERT and its relatives%s: a component differs by %.3g."
              .formatted(
                  what,
                  padded ? " (in a text with padding, which it does not hide)" : "",
                  distance));
    }
  }
}
