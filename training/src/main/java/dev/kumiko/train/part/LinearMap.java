package dev.kumiko.train.part;

import dev.kumiko.kernel.Linear;
import dev.kumiko.train.parameter.Parameter;
import java.util.List;

/**
 * Linear maps that share their input, {@code y = x W' + b}; their outputs follow each other.
 *
 * <p>The products of the backward pass are the forward kernel's: {@code dx = g W} has the weights
 * transposed, and {@code dW = g' x} has the rows of {@code x} for weights. So they reach its rate.
 */
final class LinearMap {
  private final Compute compute;
  private final List<Parameter> weights;
  private final List<Parameter> biases;
  private final int inputs;
  private final int outputs;
  private Linear forward;
  private Linear backward;

  /**
   * Packs the weights.
   *
   * @param weights each {@code [outputs of one][inputs]}, all of one shape
   * @param biases each {@code [outputs of one]}, or none
   */
  LinearMap(Compute compute, List<Parameter> weights, List<Parameter> biases) {
    this.compute = compute;
    this.weights = List.copyOf(weights);
    this.biases = List.copyOf(biases);
    this.inputs = weights.getFirst().columns();
    this.outputs = weights.size() * weights.getFirst().rows();
    refresh();
  }

  int inputs() {
    return inputs;
  }

  int outputs() {
    return outputs;
  }

  /** Packs the weights as they are now. */
  void refresh() {
    float[] weight = stacked(weights, outputs * inputs);
    float[] bias = stacked(biases, outputs);
    float[] transposed = Rows.transposed(compute.threads(), weight, outputs, inputs);
    forward = compute.kernels().linear(weight, bias, outputs, inputs);
    backward = compute.kernels().linear(transposed, new float[inputs], inputs, outputs);
  }

  private static float[] stacked(List<Parameter> parameters, int size) {
    float[] all = new float[size];
    int to = 0;
    for (Parameter parameter : parameters) {
      float[] values = parameter.values();
      System.arraycopy(values, 0, all, to, values.length);
      to += values.length;
    }
    return all;
  }

  /** Returns {@code [rows][outputs]} for {@code x} {@code [rows][inputs]}. */
  float[] apply(float[] x, int rows) {
    return product(forward, x, rows);
  }

  /**
   * Adds to the gradients of weights and biases.
   *
   * @param x the input, {@code [rows][inputs]}
   * @param gradient with respect to the output, {@code [rows][outputs]}
   * @return the gradient with respect to the input
   */
  float[] backward(float[] x, float[] gradient, int rows) {
    addWeightGradient(x, gradient, rows);
    addBiasGradient(gradient, rows);
    return product(backward, gradient, rows);
  }

  private float[] product(Linear linear, float[] x, int rows) {
    int in = linear.inputs();
    int out = linear.outputs();
    float[] y = new float[Math.multiplyExact(rows, out)];
    compute
        .threads()
        .forRows(
            rows,
            (first, count, scratch) -> linear.apply(x, first * in, count, y, first * out, scratch));
    return y;
  }

  private void addWeightGradient(float[] x, float[] gradient, int rows) {
    if (weights.stream().allMatch(Parameter::isFrozen)) {
      return;
    }
    float[] columns = Rows.transposed(compute.threads(), x, rows, inputs);
    Linear byRows = compute.kernels().linear(columns, new float[inputs], inputs, rows);
    float[] transposed = Rows.transposed(compute.threads(), gradient, rows, outputs);
    compute
        .threads()
        .forRows(
            outputs,
            (first, count, scratch) -> {
              float[] sums = new float[count * inputs];
              byRows.apply(transposed, first * rows, count, sums, 0, scratch);
              addRows(sums, first, count);
            });
  }

  /** Adds rows of the weights' gradient where they belong. */
  private void addRows(float[] sums, int first, int count) {
    int each = weights.getFirst().rows();
    for (int row = 0; row < count; row++) {
      float[] target = weights.get((first + row) / each).gradient();
      int to = (first + row) % each * inputs;
      int from = row * inputs;
      for (int i = 0; i < inputs; i++) {
        target[to + i] += sums[from + i];
      }
    }
  }

  private void addBiasGradient(float[] gradient, int rows) {
    if (biases.stream().allMatch(Parameter::isFrozen)) {
      return;
    }
    float[] sums = new float[outputs];
    Rows.addSum(compute.threads(), gradient, rows, outputs, sums);
    int each = outputs / biases.size();
    for (int i = 0; i < outputs; i++) {
      biases.get(i / each).gradient()[i % each] += sums[i];
    }
  }
}
