package dev.kumiko.kernel;

import static dev.kumiko.kernel.Approximation.*;

/** Activations in plain Java, in place. */
final class ScalarActivation {
  private ScalarActivation() {}

  /** {@code x/2 * (1 + erf(x / sqrt(2)))}. */
  static void gelu(float[] x, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      float v = x[i];
      float z = Math.min(Math.max(v * SQRT_HALF, -ERF_LIMIT), ERF_LIMIT);
      float u = z * z;
      float p = Math.fma(ERF_P5, u, ERF_P4);
      p = Math.fma(p, u, ERF_P3);
      p = Math.fma(p, u, ERF_P2);
      p = Math.fma(p, u, ERF_P1);
      p = Math.fma(p, u, ERF_P0);
      float q = Math.fma(ERF_Q5, u, ERF_Q4);
      q = Math.fma(q, u, ERF_Q3);
      q = Math.fma(q, u, ERF_Q2);
      q = Math.fma(q, u, ERF_Q1);
      q = Math.fma(q, u, 1f);
      float half = v * 0.5f;
      x[i] = Math.fma(half, z * p / q, half);
    }
  }

  /** {@code x/2 * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. */
  static void geluTanh(float[] x, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      float v = x[i];
      float inner = Math.fma(v * v * v, GELU_TANH_CUBE, v);
      float z = Math.min(Math.max(inner * GELU_TANH_SCALE, -TANH_LIMIT), TANH_LIMIT);
      float u = z * z;
      float p = Math.fma(TANH_P5, u, TANH_P4);
      p = Math.fma(p, u, TANH_P3);
      p = Math.fma(p, u, TANH_P2);
      p = Math.fma(p, u, TANH_P1);
      p = Math.fma(p, u, 1f);
      float q = Math.fma(TANH_Q5, u, TANH_Q4);
      q = Math.fma(q, u, TANH_Q3);
      q = Math.fma(q, u, TANH_Q2);
      q = Math.fma(q, u, TANH_Q1);
      q = Math.fma(q, u, 1f);
      float half = v * 0.5f;
      x[i] = Math.fma(half, z * p / q, half);
    }
  }

  /** {@code max(x, 0)}. */
  static void relu(float[] x, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      x[i] = Math.max(x[i], 0f);
    }
  }
}
