package dev.kumiko.kernel;

import static dev.kumiko.kernel.Approximation.*;

/** Activations in plain Java, in place. */
final class ScalarActivation {
  private ScalarActivation() {}

  /** {@code x/2 * (1 + erf(x / sqrt(2)))}. */
  static void gelu(float[] x, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      float v = x[i];
      float half = v * 0.5f;
      x[i] = Fma.fma(half, erf(v * SQRT_HALF), half);
    }
  }

  /** {@code x/2 * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. */
  static void geluTanh(float[] x, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      float v = x[i];
      float inner = Fma.fma(v * v * v, GELU_TANH_CUBE, v);
      float half = v * 0.5f;
      x[i] = Fma.fma(half, tanh(inner * GELU_TANH_SCALE), half);
    }
  }

  /**
   * {@code x / (1 + exp(-x))}; the exponent is never positive, so that nothing overflows. What
   * would be less than 2e-36 is 0.
   */
  static void silu(float[] x, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      float v = x[i];
      float e = exp(-Math.abs(v));
      float numerator = v < 0 ? v * e : v;
      x[i] = (v < EXP_LOWEST ? 0f : numerator) / (1f + e);
    }
  }

  /** {@code cap * tanh(factor * x)}. */
  static void cap(float[] x, int offset, int count, float factor, float cap) {
    for (int i = offset; i < offset + count; i++) {
      x[i] = tanh(x[i] * factor) * cap;
    }
  }

  /** {@code max(x, 0)}. */
  static void relu(float[] x, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      x[i] = Math.max(x[i], 0f);
    }
  }
}
