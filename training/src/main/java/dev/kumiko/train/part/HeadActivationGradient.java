package dev.kumiko.train.part;

import dev.kumiko.format.Activation;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.train.kernel.GradientKernels;

/** The derivatives of the activations behind the pooling. */
final class HeadActivationGradient {
  private HeadActivationGradient() {}

  /**
   * Multiplies a gradient by the derivative.
   *
   * @param x what stood before the activation
   * @param gradient with respect to its result; as many values are used of x
   */
  static void multiply(
      GradientKernels kernels, HeadActivation activation, float[] x, float[] gradient) {
    switch (activation) {
      case IDENTITY -> {}
      case RELU -> kernels.activate(Activation.RELU, x, gradient, 0, gradient.length);
      case GELU -> kernels.activate(Activation.GELU, x, gradient, 0, gradient.length);
      case GELU_TANH -> kernels.activate(Activation.GELU_TANH, x, gradient, 0, gradient.length);
      case TANH, SIGMOID, SILU -> {
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] *= (float) smooth(activation, x[i]);
        }
      }
    }
  }

  private static double smooth(HeadActivation activation, double x) {
    double sigmoid = 1 / (1 + Math.exp(-x));
    double other = 1 / (1 + Math.exp(x)); // 1 - sigmoid, without its cancellation
    double cosh = Math.cosh(x);
    return switch (activation) {
      case TANH -> 1 / (cosh * cosh);
      case SIGMOID -> sigmoid * other;
      default -> sigmoid * (1 + x * other);
    };
  }
}
