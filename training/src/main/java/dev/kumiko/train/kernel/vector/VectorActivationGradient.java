package dev.kumiko.train.kernel.vector;

import static dev.kumiko.kernel.Approximation.*;
import static dev.kumiko.train.kernel.vector.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Derivatives of activations; the last, incomplete vector goes through a mask. */
final class VectorActivationGradient {
  /** {@code 1 / sqrt(2 pi)}, the height of the normal density. */
  private static final float DENSITY = 0.3989423f;

  private VectorActivationGradient() {}

  /** {@code Phi(x) + x phi(x)} (Hendrycks and Gimpel, arXiv 1606.08415, section 2). */
  static void gelu(float[] x, float[] gradient, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i += Lanes.COUNT) {
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
      FloatVector share = z.mul(p).div(q).mul(0.5f).add(0.5f);
      FloatVector e = v.mul(v).mul(-0.5f).max(EXP_LOWEST);
      FloatVector rounded = e.fma(broadcast(FLOATS, LOG2_E), broadcast(FLOATS, ROUND));
      FloatVector n = rounded.sub(ROUND);
      FloatVector r = n.fma(broadcast(FLOATS, -LN2_HIGH), e);
      r = n.fma(broadcast(FLOATS, -LN2_LOW), r);
      FloatVector w = broadcast(FLOATS, EXP_P4).fma(r, broadcast(FLOATS, EXP_P3));
      w = w.fma(r, broadcast(FLOATS, EXP_P2));
      w = w.fma(r, broadcast(FLOATS, EXP_P1));
      w = w.fma(r, broadcast(FLOATS, EXP_P0));
      w = w.mul(r).fma(r, r).add(1f);
      FloatVector density =
          w.reinterpretAsInts()
              .add(rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
              .reinterpretAsFloats()
              .mul(DENSITY);
      FloatVector.fromArray(FLOATS, gradient, i, mask)
          .mul(v.fma(density, share))
          .intoArray(gradient, i, mask);
    }
  }

  /** {@code (1 + t) / 2 + x/2 (1 - t^2) c (1 + 3 a x^2)} with {@code t = tanh(c (x + a x^3))}. */
  static void geluTanh(float[] x, float[] gradient, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i += Lanes.COUNT) {
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
      FloatVector t = z.mul(p).div(q);
      FloatVector slope = v.mul(v).mul(3 * GELU_TANH_CUBE).add(1f);
      FloatVector steep = t.neg().fma(t, broadcast(FLOATS, 1f)).mul(v).mul(GELU_TANH_SCALE / 2);
      FloatVector.fromArray(FLOATS, gradient, i, mask)
          .mul(steep.fma(slope, t.mul(0.5f).add(0.5f)))
          .intoArray(gradient, i, mask);
    }
  }

  /** {@code s (1 + x (1 - s))} with {@code s = 1 / (1 + exp(-x))}; no exponent is positive. */
  static void silu(float[] x, float[] gradient, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i += Lanes.COUNT) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, end);
      FloatVector v = FloatVector.fromArray(FLOATS, x, i, mask);
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
      FloatVector near = broadcast(FLOATS, 1f).div(e.add(1f));
      FloatVector far = e.mul(near);
      VectorMask<Float> negative = v.compare(VectorOperators.LT, 0f);
      FloatVector sigmoid = near.blend(far, negative);
      FloatVector other = far.blend(near, negative);
      FloatVector.fromArray(FLOATS, gradient, i, mask)
          .mul(sigmoid.mul(v.fma(other, broadcast(FLOATS, 1f))))
          .intoArray(gradient, i, mask);
    }
  }

  /** 1 or 0. */
  static void relu(float[] x, float[] gradient, int offset, int count) {
    int end = offset + count;
    for (int i = offset; i < end; i += Lanes.COUNT) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, end);
      VectorMask<Float> positive =
          FloatVector.fromArray(FLOATS, x, i, mask).compare(VectorOperators.GT, 0f);
      broadcast(FLOATS, 0f)
          .blend(FloatVector.fromArray(FLOATS, gradient, i, mask), positive)
          .intoArray(gradient, i, mask);
    }
  }
}
