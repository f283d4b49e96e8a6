package dev.kumiko.train.part;

import dev.kumiko.kernel.ChangingLinear;
import dev.kumiko.kernel.Linear;
import dev.kumiko.train.parameter.Parameter;
import java.util.ArrayList;
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
   * @param weights each {@code [its outputs][inputs]}
   * @param biases each {@code [its outputs]}, or none
   */
  LinearMap(Compute compute, List<Parameter> weights, List<Parameter> biases) {
    this.compute = compute;
    this.weights = List.copyOf(weights);
    this.biases = List.copyOf(biases);
    this.inputs = weights.getFirst().columns();
    this.outputs = weights.stream().mapToInt(Parameter::rows).sum();
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

  /** Some outputs of one of the weights. */
  private record Piece(Parameter weight, int first, int count, int output) {
    /** Where the first of these outputs' weights lies in the parameter. */
    int from() {
      return first * weight.columns();
    }
  }

  /** Divides all outputs. */
  private List<Piece> pieces(int most) {
    List<Piece> pieces = new ArrayList<>();
    int output = 0;
    for (Parameter weight : weights) {
      for (int first = 0; first < weight.rows(); first += most) {
        int count = Math.min(most, weight.rows() - first);
        pieces.add(new Piece(weight, first, count, output + first));
      }
      output += weight.rows();
    }
    return pieces;
  }

  /** Packs the weights as they are now. */
  void refresh() {
    List<Piece> pieces = pieces(BLOCK);
    compute
        .threads()
        .forEach(
            pieces.size(),
            (index, scratch) -> {
              Piece piece = pieces.get(index);
              float[] values = piece.weight().values();
              forward.setOutputs(piece.output(), piece.count(), values, piece.from());
              backward.setInputs(piece.output(), piece.count(), values, piece.from());
            });
    int output = 0;
    for (Parameter bias : biases) {
      forward.setBias(output, bias.values());
      output += bias.columns();
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
    List<Piece> pieces = pieces(Math.min(GRADIENT_BLOCK, share(weights.getFirst().rows())));
    compute
        .threads()
        .forEach(
            pieces.size(),
            (index, scratch) -> {
              Piece piece = pieces.get(index);
              int end = piece.output() + piece.count();
              float[] target = piece.weight().gradient();
              compute
                  .kernels()
                  .addOuterProducts(
                      gradient,
                      outputs,
                      piece.output(),
                      end,
                      x,
                      inputs,
                      rows,
                      target,
                      piece.from(),
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
    int output = 0;
    for (Parameter bias : biases) {
      for (int i = 0; i < bias.columns(); i++) {
        bias.gradient()[i] += sums[output++];
      }
    }
  }
}
