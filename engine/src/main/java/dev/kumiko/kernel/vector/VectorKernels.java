package dev.kumiko.kernel.vector;

import dev.kumiko.format.Activation;
import dev.kumiko.kernel.ChangingLinear;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.HalfLinear;
import dev.kumiko.kernel.HalfType;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.Int8Input;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.Queries;
import dev.kumiko.kernel.ScalarKernels;
import dev.kumiko.kernel.ScalarOuterProducts;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.kernel.Shapes;

/** The kernels on {@code jdk.incubator.vector}; loaded only when that module is there. */
public final class VectorKernels implements Kernels {
  private final WarmUp warmUp;
  private final Kernels plain = new ScalarKernels();

  /** Lets the plain twins compute until the JIT has compiled these kernels. */
  public VectorKernels() {
    this(WarmUp.whenWorthwhile());
  }

  VectorKernels(WarmUp warmUp) {
    this.warmUp = warmUp;
  }

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int vectorBits() {
    return Species.FLOATS.vectorBitSize();
  }

  @Override
  public String tile() {
    return RowTiles.HEIGHT + " x " + Species.PANEL / Species.LANES;
  }

  @Override
  public String plainBecause() {
    return warmUp.isDone()
        ? ""
        : "the vector kernels, %d bits, tile %s, %s"
            .formatted(vectorBits(), tile(), warmUp.state());
  }

  @Override
  public void worked(long multiplications) {
    if (!warmUp.isDone()) {
      warmUp.count(multiplications);
    }
  }

  @Override
  public ChangingLinear changing(int outputs, int inputs) {
    return new VectorLinear(warmUp, outputs, inputs);
  }

  @Override
  public HalfLinear half(HalfType type, int outputs, int inputs) {
    warmUp.include(type);
    return new VectorHalfLinear(warmUp, type, outputs, inputs);
  }

  @Override
  public Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, int inputs) {
    return new VectorInt8Linear(warmUp, weight, scales, bias, outputs, inputs);
  }

  @Override
  public Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, Int8Input input) {
    return new VectorIntegerLinear(warmUp, weight, scales, bias, outputs, input);
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
    if (!warmUp.isDone()) {
      warmUp.count((long) rows * inputs * (end - first));
      ScalarOuterProducts.add(
          Tiles.INNER_BLOCK, gradient, outputs, first, end, x, inputs, rows, target, to, s);
      return;
    }
    VectorOuterProducts.add(gradient, outputs, first, end, x, inputs, rows, target, to, s);
  }

  @Override
  public void activate(Activation activation, float[] x, int offset, int count) {
    assert Shapes.matrix("x", x, offset, 1, count);
    if (!warmUp.isDone()) {
      plain.activate(activation, x, offset, count);
      return;
    }
    int whole = Species.FLOATS.loopBound(count);
    switch (activation) {
      case GELU -> VectorActivation.gelu(x, offset, whole);
      case GELU_TANH -> VectorActivation.geluTanh(x, offset, whole);
      case RELU -> VectorActivation.relu(x, offset, whole);
      case SILU -> VectorActivation.silu(x, offset, whole);
    }
    plain.activate(activation, x, offset + whole, count - whole);
  }

  @Override
  public void addAndNormalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
    assert Shapes.normalize(x, residual, offset, rows, norm);
    if (!warmUp.isDone()) {
      plain.addAndNormalize(x, residual, offset, rows, norm);
      return;
    }
    VectorLayerNorm.addAndNormalize(x, residual, offset, rows, norm);
  }

  @Override
  public void attend(
      float[] qkv, Queries queries, Heads heads, Distances distances, float[] context, Scratch s) {
    assert Shapes.attend(qkv, queries, heads, context);
    if (!warmUp.isDone()) {
      plain.attend(qkv, queries, heads, distances, context, s);
      return;
    }
    VectorAttention.attend(qkv, queries, heads, distances, context, s);
  }
}
