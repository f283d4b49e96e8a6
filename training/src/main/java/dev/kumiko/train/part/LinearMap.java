package dev.kumiko.train.part;

import dev.kumiko.kernel.ChangingLinear;
import dev.kumiko.kernel.Linear;
import dev.kumiko.train.parameter.Parameter;
import java.util.List;

/**
 * Linear maps that share their input, {@code y = x W' + b}; their outputs follow each other.
 *
 * <p>The products of the backward pass are made of the forward kernel's tiles: {@code dx = g W} has
 * the weights transposed, and {@code dW = g' x} has the rows of {@code x} for weights. So they
 * reach its rate.
 */
final class LinearMap {
  /** Outputs that one thread packs at a time. */
  private static final int BLOCK = 64;

  /** The most outputs whose weights' gradient one thread computes at a time. */
  private static final int GRADIENT_BLOCK = 256;

  private static final int LINE = 16;

  private final Compute compute;
  private final List<Parameter> weights;
  private final List<Parameter> biases;
  private final int inputs;
  private final int outputs;
  private final ChangingLinear forward;
  private final ChangingLinear backward;

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
    this.forward = compute.kernels().changing(outputs, inputs);
    this.backward = compute.kernels().changing(inputs, outputs);
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
    int each = weights.getFirst().rows();
    int blocks = Math.ceilDiv(each, BLOCK);
    compute
        .threads()
        .forEach(
            weights.size() * blocks,
            (index, scratch) -> {
              int first = index % blocks * BLOCK;
              int count = Math.min(BLOCK, each - first);
              int output = index / blocks * each + first;
              float[] values = weights.get(index / blocks).values();
              forward.setOutputs(output, count, values, first * inputs);
              backward.setInputs(output, count, values, first * inputs);
            });
    for (int i = 0; i < biases.size(); i++) {
      forward.setBias(i * each, biases.get(i).values());
    }
  }

  /**
   * Returns {@code [rows][outputs]} for {@code x} {@code [rows][inputs]}; the caller gives it back.
   */
  float[] apply(float[] x, int rows) {
    return product(forward, x, rows);
  }

  /**
   * Adds to the gradients of weights and biases.
   *
   * @param x the input, {@code [rows][inputs]}
   * @param gradient with respect to the output, {@code [rows][outputs]}
   * @return the gradient with respect to the input; the caller gives it back
   */
  float[] backward(float[] x, float[] gradient, int rows) {
    addWeightGradient(x, gradient, rows);
    addBiasGradient(gradient, rows);
    return product(backward, gradient, rows);
  }

  private float[] product(Linear linear, float[] x, int rows) {
    int in = linear.inputs();
    int out = linear.outputs();
    float[] y = compute.pool().take(Math.multiplyExact(rows, out));
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
    int each = weights.getFirst().rows();
    int block = Math.min(GRADIENT_BLOCK, share(each));
    int blocks = Math.ceilDiv(each, block);
    compute
        .threads()
        .forEach(
            weights.size() * blocks,
            (index, scratch) -> {
              int first = index % blocks * block;
              int begin = index / blocks * each + first;
              int end = begin + Math.min(block, each - first);
              float[] target = weights.get(index / blocks).gradient();
              compute
                  .kernels()
                  .addOuterProducts(
                      gradient,
                      outputs,
                      begin,
                      end,
                      x,
                      inputs,
                      rows,
                      target,
                      first * inputs,
                      scratch);
            });
  }

  /** Returns how many of some outputs each thread gets, in whole lines of the cache. */
  private int share(int outputs) {
    return Math.ceilDiv(Math.ceilDiv(outputs, compute.threads().count()), LINE) * LINE;
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
