package dev.kumiko.train.kernel.vector;

import dev.kumiko.format.Activation;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.train.kernel.GradientKernels;

/** The backward passes on {@code jdk.incubator.vector}; loaded only when that module is there. */
public final class VectorGradientKernels implements GradientKernels {
  /** Creates the kernels. */
  public VectorGradientKernels() {}

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public void activate(Activation activation, float[] x, float[] gradient, int offset, int count) {
    switch (activation) {
      case GELU -> VectorActivationGradient.gelu(x, gradient, offset, count);
      case GELU_TANH -> VectorActivationGradient.geluTanh(x, gradient, offset, count);
      case RELU -> VectorActivationGradient.relu(x, gradient, offset, count);
      case SILU -> VectorActivationGradient.silu(x, gradient, offset, count);
    }
  }

  @Override
  public void normalize(
      float[] x, float[] gradient, float[] gains, int offset, int rows, LayerNorm norm) {
    VectorLayerNormGradient.normalize(x, gradient, gains, offset, rows, norm);
  }

  @Override
  public void attend(
      float[] qkv,
      float[] context,
      float[] gradient,
      int firstRow,
      int tokens,
      int head,
      Heads heads,
      Distances distances,
      float[] result,
      float[] bias,
      Scratch s) {
    VectorAttentionGradient.attend(
        qkv, context, gradient, firstRow, tokens, head, heads, distances, result, bias, s);
  }
}
