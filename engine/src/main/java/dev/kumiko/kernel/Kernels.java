package dev.kumiko.kernel;

import dev.kumiko.format.Activation;
import java.util.Optional;

/**
 * The seam below which all arithmetic happens. There are two implementations, plain Java and Vector
 * API; every operation of one has its twin in the other. A {@link KernelLevel} may lie above.
 *
 * <p>Arrays are row-major and rows lie one after another. Callers have checked all shapes; kernels
 * assume them. Implementations are immutable and safe for concurrent use as long as every thread
 * brings its own {@link Scratch}.
 */
public interface Kernels {
  /** Returns {@code "vector"} or {@code "scalar"}. */
  String name();

  /** Returns the width of a vector register in bits, 0 for plain Java. */
  int vectorBits();

  /** Returns rows and vectors that a product computes at a time, as 5 x 2; empty for plain Java. */
  String tile();

  /** Returns why plain Java computes at this moment; empty if it does not. */
  String plainBecause();

  /** Returns the kernels of another module for layers with quantised input, if that is there. */
  default Optional<QuantizedLevel> quantizedLevel() {
    return Optional.empty();
  }

  /** Returns whether layers are faster if their input is quantised: with 512-bit vectors. */
  default boolean quantizesFast() {
    return vectorBits() >= 512;
  }

  /** Learns of multiplications that others did: what is compiled after some work counts them. */
  default void worked(long multiplications) {}

  /** Returns kernels for the layers of one model, whose memory ends with {@link #close}. */
  default Kernels forModel() {
    return this;
  }

  /**
   * Ends the memory of the layers that {@link #forModel} was for. Nobody may be computing with
   * them.
   */
  default void close() {}

  /**
   * Packs the weights of a linear layer for this backend.
   *
   * @param weight {@code [outputs][inputs]}, not kept
   * @param bias {@code [outputs]}, not kept
   */
  default Linear linear(float[] weight, float[] bias, int outputs, int inputs) {
    ChangingLinear linear = changing(outputs, inputs);
    linear.setOutputs(0, outputs, weight, 0);
    linear.setBias(0, bias);
    return linear;
  }

  /** Returns a linear layer of zeros, to be filled. */
  ChangingLinear changing(int outputs, int inputs);

  /** Returns a linear layer of zeros with 16-bit weights, to be filled; they stay so. */
  HalfLinear half(HalfType type, int outputs, int inputs);

  /**
   * Packs int8 weights of a linear layer for this backend; they stay int8.
   *
   * @param weight {@code [outputs][inputs]}, not kept
   * @param scales {@code [outputs]}, a weight's value is {@code weight[o][i] * scales[o]}, not kept
   * @param bias {@code [outputs]}, not kept
   */
  Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, int inputs);

  /**
   * Packs int8 weights of a linear layer whose input is quantised too. The integers' products and
   * sums are exact: both backends give the same results to the last bit. A level above may quantise
   * in finer steps.
   *
   * @param weight {@code [outputs][input.size()]}, not kept
   * @param scales {@code [outputs]}, {@code y[o] = sum(q[i] * weight[o][i]) * row's scale *
   *     scales[o] + bias[o]}, not kept
   * @param bias {@code [outputs]}, not kept
   * @param input how rows are quantised; no group of a weight row may exceed what it says
   */
  Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, Int8Input input);

  /**
   * Adds the gradient of a linear layer's weights for some outputs, {@code dW = g' x}.
   *
   * @param gradient with respect to the layer's output, {@code [rows][outputs]}
   * @param first the first output
   * @param end the end of the outputs
   * @param x the layer's input, {@code [rows][inputs]}
   * @param target {@code [end - first][inputs]} from {@code to}, added to
   */
  void addOuterProducts(
      float[] gradient,
      int outputs,
      int first,
      int end,
      float[] x,
      int inputs,
      int rows,
      float[] target,
      int to,
      Scratch s);

  /** Applies an activation in place to {@code count} values from {@code offset}. */
  void activate(Activation activation, float[] x, int offset, int count);

  /**
   * {@code x = norm(x + residual)} for each row, with the variance of a LayerNorm taken in a second
   * pass (Ba et al., arXiv 1607.06450).
   *
   * @param x {@code [rows][norm.size()]} from {@code offset}, overwritten
   * @param residual the same shape from the same offset, or null
   */
  void addAndNormalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm);

  /**
   * Multi-head self-attention within one text: {@code softmax(Q K' / sqrt(d) + B) V} (Vaswani et
   * al., arXiv 1706.03762, section 3.2).
   *
   * @param qkv {@code [tokens][heads.rowWidth()]} from row {@code queries.firstRow()}: query, key,
   *     value
   * @param distances the bias B, and which keys a query sees
   * @param context {@code [queries][heads.queryWidth()]} from row {@code queries.contextRow()},
   *     overwritten
   */
  void attend(
      float[] qkv, Queries queries, Heads heads, Distances distances, float[] context, Scratch s);
}
