package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.Approximation.*;
import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;
import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Activations in place, of whole vectors: {@code count} is a multiple of LANES. */
final class VectorActivation {
  private VectorActivation() {}

  /** {@code x/2 * (1 + erf(x / sqrt(2)))}. */
  static void gelu(float[] x, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
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
      half.fma(erf, half).intoArray(x, i);
    }
  }

  /** {@code x/2 * (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. */
  static void geluTanh(float[] x, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
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
      half.fma(tanh, half).intoArray(x, i);
    }
  }

  /**
   * {@code x / (1 + exp(-x))}; the exponent is never positive, so that nothing overflows. What
   * would be less than 2e-36 is 0.
   */
  static void silu(float[] x, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      FloatVector a = v.abs().neg().max(EXP_LOWEST);
      FloatVector rounded = a.fma(broadcast(FLOATS, LOG2_E), broadcast(FLOATS, ROUND));
      FloatVector n = rounded.sub(ROUND);
      FloatVector r = n.fma(broadcast(FLOATS, -LN2_HIGH), a);
      r = n.fma(broadcast(FLOATS, -LN2_LOW), r);
      FloatVector p = broadcast(FLOATS, EXP_P4).fma(r, broadcast(FLOATS, EXP_P3));
      p = p.fma(r, broadcast(FLOATS, EXP_P2));
      p = p.fma(r, broadcast(FLOATS, EXP_P1));
      p = p.fma(r, broadcast(FLOATS, EXP_P0));
      p = p.mul(r).fma(r, r).add(1f);
      FloatVector e =
          p.reinterpretAsInts()
              .add(rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
              .reinterpretAsFloats();
      v.mul(e, v.compare(VectorOperators.LT, 0f))
          .blend(0f, v.compare(VectorOperators.LT, EXP_LOWEST))
          .div(e.add(1f))
          .intoArray(x, i);
    }
  }

  /** {@code cap * tanh(factor * x)}. */
  static void cap(float[] x, int offset, int count, float factor, float cap) {
    int end = offset + count;
    for (int i = offset; i < end; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i).mul(factor);
      FloatVector z = v.max(-TANH_LIMIT).min(TANH_LIMIT);
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
      z.mul(p).div(q).mul(cap).intoArray(x, i);
    }
  }

  /** {@code max(x, 0)}. */
  static void relu(float[] x, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i += LANES) {
      FloatVector.fromArray(FLOATS, x, i).max(0f).intoArray(x, i);
    }
  }
}
