package dev.kumiko.train.model;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's forward pass in double precision, one text at a time, as plainly as it can be written;
 * central differences of it are gradients that nobody derived.
 */
final class ReferenceModel {
  private final ModelDescription description;
  private final Architecture a;
  private final Map<String, double[]> weights = new HashMap<>();

  ReferenceModel(ModelDescription description, Map<String, float[]> weights) {
    this.description = description;
    this.a = description.architecture();
    weights.forEach((name, values) -> this.weights.put(name, doubles(values)));
  }

  static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    Arrays.setAll(result, i -> values[i]);
    return result;
  }

  /** Returns the weights themselves, by name. */
  Map<String, double[]> weights() {
    return weights;
  }

  /** Returns the token vectors {@code [tokens][hidden]} after the embeddings and each layer. */
  List<double[][]> hidden(int[] ids, int[] types) {
    List<double[][]> states = new ArrayList<>();
    states.add(embeddings(ids, types));
    for (int layer = 0; layer < a.layers(); layer++) {
      states.add(layer(states.getLast(), layer));
    }
    if (a.layout().norm() == NormPlace.BEFORE) {
      states.add(norm(states.removeLast(), TensorNames.FINAL_NORM));
    }
    return states;
  }

  /** Returns a text's vector. */
  double[] vector(int[] ids, int[] types) {
    Head head = description.head();
    double[] vector = pool(hidden(ids, types).getLast());
    for (int i = 0; i < head.steps().size(); i++) {
      vector = step(head.steps().get(i), TensorNames.headStep(i), vector);
    }
    return head.normalize() ? normalize(vector) : vector;
  }

  /** Returns the rows of the token type table. */
  int tokenTypes() {
    return a.tokenTypes();
  }

  private double[] weight(String part) {
    return weights.get(TensorNames.weight(part));
  }

  private double[][] embeddings(int[] ids, int[] types) {
    int d = a.hiddenSize();
    double[][] x = new double[ids.length][d];
    int next = a.layout().position() instanceof Position.Learned p ? p.firstRow() : 0;
    for (int t = 0; t < ids.length; t++) {
      add(x[t], weights.get(TensorNames.TOKEN_EMBEDDINGS), ids[t]);
      if (a.tokenTypes() > 0) {
        add(x[t], weights.get(TensorNames.TOKEN_TYPE_EMBEDDINGS), types[t]);
      }
      if (a.layout().position() instanceof Position.Learned learned) {
        boolean padding = learned.paddingId().orElse(-1) == ids[t];
        add(x[t], weights.get(TensorNames.POSITION_EMBEDDINGS), padding ? ids[t] : next++);
      }
    }
    return norm(x, TensorNames.EMBEDDINGS_NORM);
  }

  private static void add(double[] x, double[] table, int row) {
    for (int i = 0; i < x.length; i++) {
      x[i] += table[row * x.length + i];
    }
  }

  private double[][] layer(double[][] x, int layer) {
    String first = TensorNames.attentionNorm(layer);
    String second = TensorNames.feedForwardNorm(layer);
    if (a.layout().norm() == NormPlace.AFTER) {
      double[][] y = norm(sum(x, attention(x, layer)), first);
      return norm(sum(y, feedForward(y, layer)), second);
    }
    double[][] y = sum(x, attention(layer == 0 ? x : norm(x, first), layer));
    return sum(y, feedForward(norm(y, second), layer));
  }

  private double[][] attention(double[][] x, int layer) {
    double[][] q = linear(x, TensorNames.attentionQuery(layer));
    double[][] k = linear(x, TensorNames.attentionKey(layer));
    double[][] v = linear(x, TensorNames.attentionValue(layer));
    boolean local = a.layout().localAttention().map(l -> l.layers().contains(layer)).orElse(false);
    if (a.layout().position() instanceof Position.Rotary rotary) {
      double theta = local ? rotary.localTheta() : rotary.theta();
      rotate(q, theta);
      rotate(k, theta);
    }
    int window = local ? a.layout().localAttention().orElseThrow().window() : Integer.MAX_VALUE;
    double[][] context = new double[x.length][a.hiddenSize()];
    for (int head = 0; head < a.attentionHeads(); head++) {
      attend(q, k, v, head, window, context);
    }
    return linear(context, TensorNames.attentionOutput(layer));
  }

  private void attend(
      double[][] q, double[][] k, double[][] v, int head, int window, double[][] context) {
    int size = a.headSize();
    for (int i = 0; i < q.length; i++) {
      double[] p = new double[k.length];
      double sum = 0;
      for (int j = 0; j < k.length; j++) {
        if (Math.abs(i - j) <= window) {
          double score = 0;
          for (int c = head * size; c < (head + 1) * size; c++) {
            score += q[i][c] * k[j][c];
          }
          p[j] = Math.exp(score / Math.sqrt(size) + bias(j - i, head));
          sum += p[j];
        }
      }
      for (int j = 0; j < k.length; j++) {
        for (int c = head * size; c < (head + 1) * size; c++) {
          context[i][c] += p[j] / sum * v[j][c];
        }
      }
    }
  }

  private double bias(int distance, int head) {
    return a.layout()
        .relativeBias()
        .map(
            buckets ->
                weights
                    .get(TensorNames.RELATIVE_BIAS)[
                    buckets.bucket(distance) * a.attentionHeads() + head])
        .orElse(0.0);
  }

  private void rotate(double[][] x, double theta) {
    int size = a.headSize();
    for (int t = 0; t < x.length; t++) {
      for (int head = 0; head < a.attentionHeads(); head++) {
        for (int i = 0; i < size / 2; i++) {
          double angle = t * Math.pow(theta, -2.0 * i / size);
          int c = head * size + i;
          double re = x[t][c];
          double im = x[t][c + size / 2];
          x[t][c] = re * Math.cos(angle) - im * Math.sin(angle);
          x[t][c + size / 2] = im * Math.cos(angle) + re * Math.sin(angle);
        }
      }
    }
  }

  private double[][] feedForward(double[][] x, int layer) {
    double[][] inner = linear(x, TensorNames.feedForwardUp(layer));
    for (double[] row : inner) {
      Arrays.setAll(row, i -> activate(a.activation(), row[i]));
    }
    if (a.layout().gated()) {
      double[][] gate = linear(x, TensorNames.feedForwardGate(layer));
      for (int t = 0; t < x.length; t++) {
        for (int i = 0; i < gate[t].length; i++) {
          inner[t][i] *= gate[t][i];
        }
      }
    }
    return linear(inner, TensorNames.feedForwardDown(layer));
  }

  private static double activate(Activation activation, double x) {
    return switch (activation) {
      case GELU -> x * normal(x);
      case GELU_TANH ->
          x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case RELU -> Math.max(0, x);
      case SILU -> x / (1 + Math.exp(-x));
    };
  }

  /** The normal distribution, by its series (Abramowitz and Stegun, 26.2.11). */
  private static double normal(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= x * x / (2 * n + 1);
      sum += term;
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  private double[][] linear(double[][] x, String part) {
    double[][] y = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      y[t] = linear(x[t], part, a.layout().linearBias());
    }
    return y;
  }

  private double[] linear(double[] x, String part, boolean hasBias) {
    double[] weight = weight(part);
    double[] y = new double[weight.length / x.length];
    for (int o = 0; o < y.length; o++) {
      y[o] = hasBias ? weights.get(TensorNames.bias(part))[o] : 0;
      for (int i = 0; i < x.length; i++) {
        y[o] += weight[o * x.length + i] * x[i];
      }
    }
    return y;
  }

  private double[][] norm(double[][] x, String part) {
    double[][] y = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      y[t] = norm(x[t], part, a.layerNormEpsilon(), a.layout().normBias());
    }
    return y;
  }

  private double[] norm(double[] x, String part, double epsilon, boolean hasBias) {
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (x[i] - mean) / Math.sqrt(variance + epsilon) * weight(part)[i];
      y[i] += hasBias ? weights.get(TensorNames.bias(part))[i] : 0;
    }
    return y;
  }

  private static double[][] sum(double[][] x, double[][] y) {
    double[][] sum = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      sum[t] = x[t].clone();
      for (int i = 0; i < sum[t].length; i++) {
        sum[t][i] += y[t][i];
      }
    }
    return sum;
  }

  private double[] pool(double[][] x) {
    int d = a.hiddenSize();
    List<Pooling> kinds = description.head().pooling();
    double[] result = new double[kinds.size() * d];
    for (int p = 0; p < kinds.size(); p++) {
      for (int i = 0; i < d; i++) {
        int c = i;
        double[] column = Arrays.stream(x).mapToDouble(row -> row[c]).toArray();
        result[p * d + i] = pool(kinds.get(p), column);
      }
    }
    return result;
  }

  private static double pool(Pooling kind, double[] x) {
    double sum = Arrays.stream(x).sum();
    double weighted = 0;
    for (int t = 0; t < x.length; t++) {
      weighted += (t + 1) * x[t];
    }
    return switch (kind) {
      case MEAN -> sum / x.length;
      case CLS -> x[0];
      case MAX -> Arrays.stream(x).max().orElseThrow();
      case MEAN_SQRT_LEN -> sum / Math.sqrt(x.length);
      case LAST_TOKEN -> x[x.length - 1];
      case WEIGHTED_MEAN, WEIGHTED_MEAN_FROM_TEXT -> weighted / (x.length * (x.length + 1) / 2.0);
    };
  }

  private double[] step(HeadStep step, String part, double[] x) {
    if (step instanceof HeadStep.Dense dense) {
      double[] y = linear(x, part, dense.bias());
      Arrays.setAll(y, i -> activate(dense.activation(), y[i]));
      return y;
    }
    return step instanceof HeadStep.Norm norm
        ? norm(x, part, norm.epsilon(), norm.bias())
        : normalize(x);
  }

  private static double activate(HeadActivation activation, double x) {
    return switch (activation) {
      case IDENTITY -> x;
      case TANH -> Math.tanh(x);
      case RELU -> activate(Activation.RELU, x);
      case GELU -> activate(Activation.GELU, x);
      case GELU_TANH -> activate(Activation.GELU_TANH, x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case SILU -> x / (1 + Math.exp(-x));
    };
  }

  private static double[] normalize(double[] x) {
    double length = Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
    return Arrays.stream(x).map(v -> v / length).toArray();
  }
}
