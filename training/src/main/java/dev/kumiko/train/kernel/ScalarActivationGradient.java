package dev.kumiko.train.kernel;

import dev.kumiko.kernel.Approximation;
import dev.kumiko.kernel.Fma;

/** Derivatives of activations in plain Java. */
final class ScalarActivationGradient {
  /** {@code 1 / sqrt(2 pi)}, the height of the normal density. */
  static final float DENSITY = 0.3989423f;

  private ScalarActivationGradient() {}

  /** {@code Phi(x) + x phi(x)} (Hendrycks and Gimpel, arXiv 1606.08415, section 2). */
  static void gelu(float[] x, float[] gradient, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      float v = x[i];
      float share = Fma.fma(0.5f, Approximation.erf(v * Approximation.SQRT_HALF), 0.5f);
      float density = Approximation.exp(-0.5f * v * v) * DENSITY;
      gradient[i] *= Fma.fma(v, density, share);
    }
  }

  /** {@code (1 + t) / 2 + x/2 (1 - t^2) c (1 + 3 a x^2)} with {@code t = tanh(c (x + a x^3))}. */
  static void geluTanh(float[] x, float[] gradient, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      float v = x[i];
      float inner = Fma.fma(v * v * v, Approximation.GELU_TANH_CUBE, v);
      float t = Approximation.tanh(inner * Approximation.GELU_TANH_SCALE);
      float slope = Fma.fma(3 * Approximation.GELU_TANH_CUBE * v, v, 1f);
      float steep = 0.5f * v * Fma.fma(-t, t, 1f) * Approximation.GELU_TANH_SCALE;
      gradient[i] *= Fma.fma(steep, slope, Fma.fma(0.5f, t, 0.5f));
    }
  }

  /** 1 or 0. */
  static void relu(float[] x, float[] gradient, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      gradient[i] = x[i] > 0 ? gradient[i] : 0;
    }
  }

  /** {@code s (1 + x (1 - s))} with {@code s = 1 / (1 + exp(-x))}; no exponent is positive. */
  static void silu(float[] x, float[] gradient, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      float v = x[i];
      float e = Approximation.exp(-Math.abs(v));
      float near = 1 / (1 + e);
      float far = e * near;
      float sigmoid = v < 0 ? far : near;
      float other = v < 0 ? near : far;
      gradient[i] *= sigmoid * Fma.fma(v, other, 1f);
    }
  }
}
