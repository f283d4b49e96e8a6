package dev.kumiko.kernel;

import dev.kumiko.format.Activation;

/** Kernels that leave what a subclass does not do itself to others. */
public abstract class ForwardingKernels implements Kernels {
  private final Kernels below;

  /** Takes the kernels that do everything else. */
  protected ForwardingKernels(Kernels below) {
    this.below = below;
  }

  /** Returns the kernels that do everything else. */
  protected final Kernels below() {
    return below;
  }

  @Override
  public String name() {
    return below.name();
  }

  @Override
  public int vectorBits() {
    return below.vectorBits();
  }

  @Override
  public String tile() {
    return below.tile();
  }

  @Override
  public String plainBecause() {
    return below.plainBecause();
  }

  @Override
  public boolean quantizesFast() {
    return below.quantizesFast();
  }

  @Override
  public void worked(long multiplications) {
    below.worked(multiplications);
  }

  @Override
  public ChangingLinear changing(int outputs, int inputs) {
    return below.changing(outputs, inputs);
  }

  @Override
  public HalfLinear half(HalfType type, int outputs, int inputs) {
    return below.half(type, outputs, inputs);
  }

  @Override
  public Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, int inputs) {
    return below.linear(weight, scales, bias, outputs, inputs);
  }

  @Override
  public Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, Int8Input input) {
    return below.linear(weight, scales, bias, outputs, input);
  }

  @Override
  public void addOuterProducts(
      float[] gradient,
      int outputs,
      int first,
      int end,
      float[] x,
      int inputs,
      int rows,
      float[] target,
      int to,
      Scratch s) {
    below.addOuterProducts(gradient, outputs, first, end, x, inputs, rows, target, to, s);
  }

  @Override
  public void activate(Activation activation, float[] x, int offset, int count) {
    below.activate(activation, x, offset, count);
  }

  @Override
  public void addAndNormalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
    below.addAndNormalize(x, residual, offset, rows, norm);
  }

  @Override
  public void attend(
      float[] qkv, Queries queries, Heads heads, Distances distances, float[] context, Scratch s) {
    below.attend(qkv, queries, heads, distances, context, s);
  }
}
