package dev.kumiko.train.lora;

import dev.kumiko.train.parallel.Threads;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import dev.kumiko.train.random.SeededRandom;

/**
 * The change of one weight matrix as a product of two thin ones. The model computes with the whole
 * matrix, so that nothing in it knows of this:
 *
 * <pre>
 * W  = W0 + alpha / rank B A
 * dA = alpha / rank B' dW,  dB = alpha / rank dW A'
 * </pre>
 *
 * A begins uniform within 1 / sqrt(inputs) (Kaiming with a = sqrt 5), B with zeros, so that W
 * begins as it was, to the last bit. For one thread at a time.
 *
 * <p>Source: Hu et al., arXiv 2106.09685, section 4.1.
 */
final class LowRankUpdate {
  private final Parameter weight;
  private final float[] original;
  private final int rank;
  private final float scale;
  private final Parameter a;
  private final Parameter b;

  /**
   * Begins with no change.
   *
   * @param weight W, {@code [outputs][inputs]}; its values are replaced at each {@link #compose}
   */
  LowRankUpdate(Parameter weight, int rank, double alpha, SeededRandom random) {
    int most = Math.min(weight.rows(), weight.columns());
    if (rank < 1 || rank > most) {
      throw new IllegalArgumentException(
          "%s is %,d x %,d, its change can have rank 1 to %,d, not %,d"
              .formatted(weight.name(), weight.rows(), weight.columns(), most, rank));
    }
    this.weight = weight;
    this.original = weight.values().clone();
    this.rank = rank;
    this.scale = (float) (alpha / rank);
    float[] uniform = new float[rank * weight.columns()];
    double bound = 1 / Math.sqrt(weight.columns());
    for (int i = 0; i < uniform.length; i++) {
      uniform[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    this.a = new Parameter(weight.name() + ".lora_A", Kind.WEIGHT, rank, weight.columns(), uniform);
    this.b =
        new Parameter(
            weight.name() + ".lora_B",
            Kind.WEIGHT,
            weight.rows(),
            rank,
            new float[weight.rows() * rank]);
  }

  Parameter weight() {
    return weight;
  }

  /** A, {@code [rank][inputs]}. */
  Parameter a() {
    return a;
  }

  /** B, {@code [outputs][rank]}. */
  Parameter b() {
    return b;
  }

  /** Gives W its values. */
  void compose(Threads threads) {
    int inputs = weight.columns();
    threads.forEach(
        weight.rows(),
        (row, scratch) -> {
          float[] change = new float[inputs];
          for (int k = 0; k < rank; k++) {
            addScaled(
                scale * b.values()[row * rank + k], a.values(), k * inputs, change, 0, inputs);
          }
          float[] values = weight.values();
          for (int i = 0; i < inputs; i++) {
            float before = original[row * inputs + i];
            // Not before + 0, which would make a 0 of a -0.
            values[row * inputs + i] = change[i] == 0 ? before : before + change[i];
          }
        });
  }

  /** Adds the gradients of A and B that follow from W's, and clears that. */
  void propagate(Threads threads) {
    int inputs = weight.columns();
    float[] gradient = weight.gradient();
    threads.forEach(
        weight.rows(),
        (row, scratch) -> {
          for (int k = 0; k < rank; k++) {
            b.gradient()[row * rank + k] +=
                (float) (scale * dot(gradient, row * inputs, a.values(), k * inputs, inputs));
          }
        });
    threads.forEach(
        rank,
        (k, scratch) -> {
          for (int row = 0; row < weight.rows(); row++) {
            float factor = scale * b.values()[row * rank + k];
            addScaled(factor, gradient, row * inputs, a.gradient(), k * inputs, inputs);
          }
        });
    weight.clearGradient();
  }

  private static void addScaled(
      float factor, float[] x, int fromX, float[] sum, int from, int count) {
    for (int i = 0; i < count; i++) {
      sum[from + i] += factor * x[fromX + i];
    }
  }

  private static double dot(float[] x, int fromX, float[] y, int fromY, int count) {
    double sum0 = 0;
    double sum1 = 0;
    int i = 0;
    for (; i < count - 1; i += 2) {
      sum0 += (double) x[fromX + i] * y[fromY + i];
      sum1 += (double) x[fromX + i + 1] * y[fromY + i + 1];
    }
    if (i < count) {
      sum0 += (double) x[fromX + i] * y[fromY + i];
    }
    return sum0 + sum1;
  }
}
