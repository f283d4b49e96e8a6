package dev.kumiko.kernel;

import dev.kumiko.format.Activation;
import org.apache.commons.math3.special.Erf;

/**
 * The operations of {@link Kernels} written down as their formulas say, in double precision, with
 * bounds for float arithmetic in any order of summation (Higham, Accuracy and Stability of
 * Numerical Algorithms, chapter 3): a sum of n products is off by at most n units of roundoff times
 * the sum of their magnitudes.
 */
final class Reference {
  /** Unit of roundoff of float. */
  static final double U = 0x1p-24;

  /** The stated error of erf and tanh, absolute. */
  static final double ERF_ERROR = 4e-7;

  /** The stated error of exp, relative. */
  static final double EXP_ERROR = 3e-7;

  /** What exponentials that are clamped at exp(-87) may add up to. */
  private static final double CLAMPED = 1e-34;

  private Reference() {}

  /** {@code y = x W' + b}: one rounding for each of the products and one to spare. */
  static Expected linear(
      float[] x, int offset, int rows, float[] weight, float[] bias, int outputs, int inputs) {
    Expected expected = new Expected(rows * outputs);
    for (int row = 0; row < rows; row++) {
      for (int out = 0; out < outputs; out++) {
        double sum = bias[out];
        double magnitude = Math.abs(sum);
        for (int k = 0; k < inputs; k++) {
          double product = (double) x[offset + row * inputs + k] * weight[out * inputs + k];
          sum += product;
          magnitude += Math.abs(product);
        }
        expected.set(row * outputs + out, sum, (inputs + 1) * U * magnitude);
      }
    }
    return expected;
  }

  /** {@code y + g' x} for some columns of g, summed like {@link #linear}. */
  static Expected outerProducts(
      float[] y,
      int offset,
      float[] gradient,
      int outputs,
      int first,
      int end,
      float[] x,
      int inputs,
      int rows) {
    Expected expected = new Expected((end - first) * inputs);
    for (int out = first; out < end; out++) {
      for (int i = 0; i < inputs; i++) {
        int at = (out - first) * inputs + i;
        double sum = y[offset + at];
        double magnitude = Math.abs(sum);
        for (int row = 0; row < rows; row++) {
          double product = (double) gradient[row * outputs + out] * x[row * inputs + i];
          sum += product;
          magnitude += Math.abs(product);
        }
        expected.set(at, sum, (rows + 1) * U * magnitude);
      }
    }
    return expected;
  }

  /** As {@link #linear}; applying a scale rounds once more. */
  static Expected int8Linear(
      float[] x, int offset, int rows, byte[] weight, float[] scales, float[] bias, int inputs) {
    int outputs = scales.length;
    Expected expected = new Expected(rows * outputs);
    for (int row = 0; row < rows; row++) {
      for (int out = 0; out < outputs; out++) {
        double sum = bias[out];
        double magnitude = Math.abs(sum);
        for (int k = 0; k < inputs; k++) {
          double value = (double) weight[out * inputs + k] * scales[out];
          double product = x[offset + row * inputs + k] * value;
          sum += product;
          magnitude += Math.abs(product);
        }
        expected.set(row * outputs + out, sum, (inputs + 2) * U * magnitude);
      }
    }
    return expected;
  }

  static Expected activate(Activation activation, float[] x, int offset, int count) {
    Expected expected = new Expected(count);
    for (int i = 0; i < count; i++) {
      double v = x[offset + i];
      switch (activation) {
        case RELU -> expected.set(i, Math.max(v, 0), 0);
        case SILU -> {
          // The exponential's error, twice, and three roundings.
          double y = v / (1 + Math.exp(-v));
          expected.set(i, y, (2 * EXP_ERROR + 4 * U) * Math.abs(y) + 2e-36);
        }
        case GELU -> {
          double erf = Erf.erf(v * Math.sqrt(0.5));
          gelu(expected, i, v, erf);
        }
        case GELU_TANH -> {
          double tanh = StrictMath.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v));
          gelu(expected, i, v, tanh);
        }
      }
    }
    return expected;
  }

  /**
   * {@code x/2 (1 + s)}. Beside the stated error of s, its argument has up to four roundings, which
   * move it by at most half as much, as {@code |z s'(z)| < 1/2} for erf and tanh alike.
   */
  private static void gelu(Expected expected, int i, double x, double s) {
    double y = x / 2 * (1 + s);
    double bound = Math.abs(x) / 2 * (ERF_ERROR + 2 * U) + U * Math.abs(y) + Float.MIN_VALUE;
    expected.set(i, y, bound);
  }

  /** LayerNorm of {@code x + residual}; the bounds follow each value through the three passes. */
  static Expected normalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
    int n = norm.size();
    Expected expected = new Expected(rows * n);
    for (int row = 0; row < rows; row++) {
      double[] sums = new double[n];
      double mean = 0;
      double magnitude = 0;
      for (int i = 0; i < n; i++) {
        int at = offset + row * n + i;
        sums[i] = x[at] + (residual == null ? 0.0 : residual[at]);
        mean += norm.isCentered() ? sums[i] / n : 0;
        magnitude += Math.abs(sums[i]) / n;
      }
      // The mean of the deviations from a first mean: their size is its error and theirs.
      double spread = 0;
      for (int i = 0; i < n; i++) {
        spread += Math.abs(sums[i] - mean) / n;
      }
      double meanError =
          norm.isCentered() ? 3 * magnitude + (n + 2) * (spread + (n + 2) * U * magnitude) : 0;
      double[] errors = new double[n];
      double variance = 0;
      double varianceError = 0;
      for (int i = 0; i < n; i++) {
        double d = sums[i] - mean;
        errors[i] = U * (meanError + Math.abs(sums[i]) + Math.abs(d));
        variance += d * d / n;
        varianceError += (2 * Math.abs(d) + errors[i]) * errors[i] / n;
      }
      varianceError += (n + 2) * U * (variance + varianceError);
      double scale = 1 / Math.sqrt(variance + norm.epsilon());
      double highest = 1 / Math.sqrt(Math.max(0, variance - varianceError) + norm.epsilon());
      double lowest = 1 / Math.sqrt(variance + varianceError + norm.epsilon());
      double scaleError = Math.max(highest - scale, scale - lowest) + 2 * U * highest;
      for (int i = 0; i < n; i++) {
        double d = sums[i] - mean;
        double gain = norm.gain()[i];
        double y = d * scale * gain + norm.bias()[i];
        double error = errors[i] * (scale + scaleError) + Math.abs(d) * scaleError;
        double rounding = 3 * U * (Math.abs(d * scale * gain) + Math.abs(norm.bias()[i]));
        expected.set(row * n + i, y, Math.abs(gain) * error + rounding);
      }
    }
    return expected;
  }

  /** Self-attention of one text, {@code [tokens][heads * headSize]}. */
  static Expected attend(float[] qkv, int firstRow, int tokens, Heads heads, Distances distances) {
    int headSize = heads.size();
    int hidden = heads.queryWidth();
    int stride = heads.rowWidth();
    Expected expected = new Expected(tokens * hidden);
    for (int t = 0; t < tokens; t++) {
      for (int head = 0; head < heads.queries(); head++) {
        int query = (firstRow + t) * stride + head * headSize;
        // Heads of queries that follow each other share one of keys and one of values.
        int shared = head * heads.keys() / heads.queries();
        int key = firstRow * stride + (heads.queries() + shared) * headSize;
        int value = key + heads.keys() * headSize;
        double[] bias = bias(distances, head, t, tokens);
        Softmax weights = new Softmax(qkv, query, key, stride, bias, heads);
        for (int i = 0; i < headSize; i++) {
          double sum = 0;
          double error = CLAMPED;
          for (int j = 0; j < tokens; j++) {
            double product = weights.weights[j] * qkv[value + j * stride + i];
            sum += product;
            error += Math.abs(product) * (weights.errors[j] + (tokens + 1) * U);
          }
          expected.set(t * hidden + head * headSize + i, sum, error);
        }
      }
    }
    return expected;
  }

  /** What is added to the scores of one query; minus infinity where it does not see. */
  private static double[] bias(Distances distances, int head, int query, int tokens) {
    double[] bias = new double[tokens];
    for (int key = 0; key < tokens; key++) {
      boolean seen = key >= distances.from(query) && key < distances.to(query, tokens);
      bias[key] = seen ? 0 : Double.NEGATIVE_INFINITY;
      if (seen && distances.hasBias()) {
        bias[key] = distances.bias(head)[distances.middle() + key - query];
      }
    }
    return bias;
  }

  /** The attention weights of one query, with bounds of their relative errors. */
  private static final class Softmax {
    final double[] weights;
    final double[] errors;

    Softmax(float[] qkv, int query, int key, int stride, double[] bias, Heads heads) {
      int headSize = heads.size();
      int tokens = bias.length;
      weights = new double[tokens];
      errors = new double[tokens];
      double[] magnitudes = new double[tokens];
      int highest = 0;
      for (int j = 0; j < tokens; j++) {
        for (int k = 0; k < headSize; k++) {
          double product = (double) qkv[query + k] * qkv[key + j * stride + k] * heads.scale();
          weights[j] += product;
          magnitudes[j] += Math.abs(product);
        }
        if (heads.areCapped()) {
          // The cap's slope is at most 1; its own error is that of tanh.
          weights[j] = heads.cap() * StrictMath.tanh(weights[j] / heads.cap());
          magnitudes[j] += heads.cap() * (ERF_ERROR / U + 4) / (headSize + 3);
        }
        weights[j] += bias[j];
        magnitudes[j] += bias[j] == Double.NEGATIVE_INFINITY ? 0 : Math.abs(bias[j]);
        highest = weights[j] > weights[highest] ? j : highest;
      }
      double top = weights[highest];
      double sum = 0;
      double common = 0;
      for (int j = 0; j < tokens; j++) {
        // Both scores are sums of products; scale, shift and difference are rounded.
        double magnitude = magnitudes[j] + magnitudes[highest];
        errors[j] = (headSize + 3) * U * magnitude + EXP_ERROR;
        weights[j] = Math.exp(weights[j] - top);
        sum += weights[j];
        common += weights[j] * errors[j];
      }
      for (int j = 0; j < tokens; j++) {
        weights[j] /= sum;
        errors[j] = Math.expm1(errors[j] + common / sum + (tokens + 2) * U);
      }
    }
  }
}
