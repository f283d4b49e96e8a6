package dev.kumiko.kernel;

import dev.kumiko.format.Activation;

/** The kernels in plain Java, for a JVM without {@code jdk.incubator.vector}. */
public final class ScalarKernels implements Kernels {
  private final String because;

  /** Creates kernels that were asked for. */
  public ScalarKernels() {
    this("it was asked for");
  }

  ScalarKernels(String because) {
    this.because = because;
  }

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int vectorBits() {
    return 0;
  }

  @Override
  public String tile() {
    return "";
  }

  @Override
  public String plainBecause() {
    return because;
  }

  @Override
  public ChangingLinear changing(int outputs, int inputs) {
    return new ScalarLinear(outputs, inputs);
  }

  @Override
  public HalfLinear half(HalfType type, int outputs, int inputs) {
    return new ScalarHalfLinear(type, outputs, inputs);
  }

  @Override
  public Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, int inputs) {
    return new ScalarInt8Linear(weight, scales, bias, outputs, inputs);
  }

  @Override
  public Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, Int8Input input) {
    return new ScalarIntegerLinear(weight, scales, bias, outputs, input);
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
    assert Shapes.range("outputs", first, end, outputs);
    assert Shapes.matrix("gradient", gradient, 0, rows, outputs);
    assert Shapes.matrix("x", x, 0, rows, inputs);
    assert Shapes.matrix("target", target, to, end - first, inputs);
    ScalarOuterProducts.add(
        BlockedProduct.INNER_BLOCK, gradient, outputs, first, end, x, inputs, rows, target, to, s);
  }

  @Override
  public void activate(Activation activation, float[] x, int offset, int count) {
    assert Shapes.matrix("x", x, offset, 1, count);
    switch (activation) {
      case GELU -> ScalarActivation.gelu(x, offset, count);
      case GELU_TANH -> ScalarActivation.geluTanh(x, offset, count);
      case RELU -> ScalarActivation.relu(x, offset, count);
      case SILU -> ScalarActivation.silu(x, offset, count);
    }
  }

  @Override
  public void addAndNormalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
    assert Shapes.normalize(x, residual, offset, rows, norm);
    ScalarLayerNorm.addAndNormalize(x, residual, offset, rows, norm);
  }

  @Override
  public void attend(
      float[] qkv, Queries queries, Heads heads, Distances distances, float[] context, Scratch s) {
    assert Shapes.attend(qkv, queries, heads, context);
    ScalarAttention.attend(qkv, queries, heads, distances, context, s);
  }
}
