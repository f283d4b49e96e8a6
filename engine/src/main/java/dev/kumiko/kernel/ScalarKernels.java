package dev.kumiko.kernel;

import dev.kumiko.format.Activation;

/** The kernels in plain Java, for a JVM without {@code jdk.incubator.vector}. */
public final class ScalarKernels implements Kernels {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int vectorBits() {
    return 0;
  }

  @Override
  public Linear linear(float[] weight, float[] bias, int outputs, int inputs) {
    return new ScalarLinear(weight, bias, outputs, inputs);
  }

  @Override
  public void activate(Activation activation, float[] x, int offset, int count) {
    switch (activation) {
      case GELU -> ScalarActivation.gelu(x, offset, count);
      case GELU_TANH -> ScalarActivation.geluTanh(x, offset, count);
      case RELU -> ScalarActivation.relu(x, offset, count);
    }
  }

  @Override
  public void addAndNormalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
    int size = norm.size();
    for (int row = 0; row < rows; row++) {
      int from = offset + row * size;
      float sum = 0;
      for (int i = from; i < from + size; i++) {
        x[i] += residual == null ? 0f : residual[i];
        sum += x[i];
      }
      float mean = sum / size;
      float squares = 0;
      for (int i = from; i < from + size; i++) {
        squares = Math.fma(x[i] - mean, x[i] - mean, squares);
      }
      float scale = (float) (1 / Math.sqrt(squares / size + norm.epsilon()));
      for (int i = 0; i < size; i++) {
        x[from + i] = Math.fma((x[from + i] - mean) * scale, norm.gain()[i], norm.bias()[i]);
      }
    }
  }

  @Override
  public void attend(
      float[] qkv, int firstRow, int tokens, int heads, int headSize, float[] context, Scratch s) {
    ScalarAttention.attend(qkv, firstRow, tokens, heads, headSize, context, s);
  }
}
