package dev.kumiko.kernel;

import dev.kumiko.format.Activation;

/**
 * Other kernels, but for layers whose input would be quantised: they multiply it as it is, in fp32.
 */
public final class FloatInputs implements Kernels {
  private final Kernels kernels;

  /** Computes everything else with {@code kernels}. */
  public FloatInputs(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, Int8Input input) {
    Linear linear = kernels.linear(weight, scales, bias, outputs, input.size());
    return new Weighted(linear, input);
  }

  /** A layer with the factors that belong to its weights on its input. */
  private record Weighted(Linear linear, Int8Input input) implements Linear {
    @Override
    public int inputs() {
      return linear.inputs();
    }

    @Override
    public int outputs() {
      return linear.outputs();
    }

    @Override
    public void apply(float[] x, int xOffset, int rows, float[] y, int yOffset, Scratch scratch) {
      int inputs = linear.inputs();
      float[] factors = input.factors();
      float[] weighted = scratch.quantized(rows * inputs);
      for (int row = 0; row < rows; row++) {
        int from = row * inputs;
        for (int i = 0; i < inputs; i++) {
          weighted[from + i] = x[xOffset + from + i] * factors[i];
        }
      }
      linear.apply(weighted, 0, rows, y, yOffset, scratch);
    }
  }

  @Override
  public String name() {
    return kernels.name();
  }

  @Override
  public int vectorBits() {
    return kernels.vectorBits();
  }

  @Override
  public String tile() {
    return kernels.tile();
  }

  @Override
  public String plainBecause() {
    return kernels.plainBecause();
  }

  @Override
  public Linear linear(float[] weight, float[] bias, int outputs, int inputs) {
    return kernels.linear(weight, bias, outputs, inputs);
  }

  @Override
  public Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, int inputs) {
    return kernels.linear(weight, scales, bias, outputs, inputs);
  }

  @Override
  public void activate(Activation activation, float[] x, int offset, int count) {
    kernels.activate(activation, x, offset, count);
  }

  @Override
  public void addAndNormalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
    kernels.addAndNormalize(x, residual, offset, rows, norm);
  }

  @Override
  public void attend(
      float[] qkv,
      int firstRow,
      int tokens,
      int firstQuery,
      int endQuery,
      int heads,
      int headSize,
      Distances distances,
      float[] context,
      Scratch s) {
    kernels.attend(
        qkv, firstRow, tokens, firstQuery, endQuery, heads, headSize, distances, context, s);
  }
}
