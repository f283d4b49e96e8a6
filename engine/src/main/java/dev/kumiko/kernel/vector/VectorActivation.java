package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.Approximation.*;
import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;
import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Activations in place; the last, incomplete vector goes through a mask. */
final class VectorActivation {
  private VectorActivation() {}

  /** {@code x/2 * (1 + erf(x / sqrt(2)))}. */
  static void gelu(float[] x, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i += LANES) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, end);
      FloatVector v = FloatVector.fromArray(FLOATS, x, i, mask);
      FloatVector z = v.mul(SQRT_HALF).max(-ERF_LIMIT).min(ERF_LIMIT);
      FloatVector u = z.mul(z);
      FloatVector p = broadcast(FLOATS, ERF_P5).fma(u, broadcast(FLOATS, ERF_P4));
      p = p.fma(u, broadcast(FLOATS, ERF_P3));
      p = p.fma(u, broadcast(FLOATS, ERF_P2));
      p = p.fma(u, broadcast(FLOATS, ERF_P1));
      p = p.fma(u, broadcast(FLOATS, ERF_P0));
      FloatVector q = broadcast(FLOATS, ERF_Q5).fma(u, broadcast(FLOATS, ERF_Q4));
      q = q.fma(u, broadcast(FLOATS, ERF_Q3));
      q = q.fma(u, broadcast(FLOATS, ERF_Q2));
      q = q.fma(u, broadcast(FLOATS, ERF_Q1));
      q = q.fma(u, broadcast(FLOATS, 1f));
      FloatVector erf = z.mul(p).div(q);
      FloatVector half = v.mul(0.5f);
      half.fma(erf, half).intoArray(x, i, mask);
    }
  }

  /** {@code x/2 * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. */
  static void geluTanh(float[] x, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i += LANES) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, end);
      FloatVector v = FloatVector.fromArray(FLOATS, x, i, mask);
      FloatVector inner = v.mul(v).mul(v).fma(broadcast(FLOATS, GELU_TANH_CUBE), v);
      FloatVector z = inner.mul(GELU_TANH_SCALE).max(-TANH_LIMIT).min(TANH_LIMIT);
      FloatVector u = z.mul(z);
      FloatVector p = broadcast(FLOATS, TANH_P5).fma(u, broadcast(FLOATS, TANH_P4));
      p = p.fma(u, broadcast(FLOATS, TANH_P3));
      p = p.fma(u, broadcast(FLOATS, TANH_P2));
      p = p.fma(u, broadcast(FLOATS, TANH_P1));
      p = p.fma(u, broadcast(FLOATS, 1f));
      FloatVector q = broadcast(FLOATS, TANH_Q5).fma(u, broadcast(FLOATS, TANH_Q4));
      q = q.fma(u, broadcast(FLOATS, TANH_Q3));
      q = q.fma(u, broadcast(FLOATS, TANH_Q2));
      q = q.fma(u, broadcast(FLOATS, TANH_Q1));
      q = q.fma(u, broadcast(FLOATS, 1f));
      FloatVector tanh = z.mul(p).div(q);
      FloatVector half = v.mul(0.5f);
      half.fma(tanh, half).intoArray(x, i, mask);
    }
  }

  /** {@code max(x, 0)}. */
  static void relu(float[] x, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i += LANES) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, end);
      FloatVector.fromArray(FLOATS, x, i, mask).max(0f).intoArray(x, i, mask);
    }
  }
}
