package dev.kumiko.train.kernel;

import dev.kumiko.format.Activation;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Scratch;

/** The backward passes in plain Java, for a JVM without {@code jdk.incubator.vector}. */
public final class ScalarGradientKernels implements GradientKernels {
  /** Creates the kernels. */
  public ScalarGradientKernels() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void activate(Activation activation, float[] x, float[] gradient, int offset, int count) {
    switch (activation) {
      case GELU -> ScalarActivationGradient.gelu(x, gradient, offset, count);
      case GELU_TANH -> ScalarActivationGradient.geluTanh(x, gradient, offset, count);
      case RELU -> ScalarActivationGradient.relu(x, gradient, offset, count);
      case SILU -> ScalarActivationGradient.silu(x, gradient, offset, count);
    }
  }

  @Override
  public void normalize(
      float[] x, float[] gradient, float[] gains, int offset, int rows, LayerNorm norm) {
    ScalarLayerNormGradient.normalize(x, gradient, gains, offset, rows, norm);
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
    ScalarAttentionGradient.attend(
        qkv, context, gradient, firstRow, tokens, head, heads, distances, result, bias, s);
  }
}
