package dev.kumiko.train.kernel.vector;

import static dev.kumiko.train.kernel.vector.Lanes.FLOATS;

import dev.kumiko.kernel.LayerNorm;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The backward pass of LayerNorm and RMSNorm, in passes over a row: sum, what its rounding left
 * over, squares, sums of the gradient, result. Sums across lanes are made of stored lanes, always
 * in one order.
 */
final class VectorLayerNormGradient {
  private VectorLayerNormGradient() {}

  static void normalize(
      float[] x, float[] gradient, float[] gains, int offset, int rows, LayerNorm norm) {
    int size = norm.size();
    float[] sums = new float[Lanes.COUNT];
    for (int row = 0; row < rows; row++) {
      int from = offset + row * size;
      float mean = 0;
      if (norm.isCentered()) {
        mean = deviations(x, from, size, 0, sums) / size;
        mean += deviations(x, from, size, mean, sums) / size;
      }
      float variance = squares(x, from, size, mean, sums) / size;
      float scale = (float) (1 / Math.sqrt(variance + norm.epsilon()));
      gradient(x, gradient, gains, from, mean, scale, norm, sums);
    }
  }

  private static float total(float[] sums) {
    float total = 0;
    for (float sum : sums) {
      total += sum;
    }
    return total;
  }

  private static float deviations(float[] x, int from, int size, float mean, float[] sums) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < size; i += Lanes.COUNT) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, size);
      sum = sum.add(FloatVector.fromArray(FLOATS, x, from + i, mask).sub(mean, mask));
    }
    sum.intoArray(sums, 0);
    return total(sums);
  }

  private static float squares(float[] x, int from, int size, float mean, float[] sums) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < size; i += Lanes.COUNT) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, size);
      FloatVector d = FloatVector.fromArray(FLOATS, x, from + i, mask).sub(mean, mask);
      sum = d.fma(d, sum);
    }
    sum.intoArray(sums, 0);
    return total(sums);
  }

  private static void gradient(
      float[] x,
      float[] gradient,
      float[] gains,
      int from,
      float mean,
      float scale,
      LayerNorm norm,
      float[] sums) {
    float[] gain = norm.gain();
    int size = gain.length;
    FloatVector sumH = FloatVector.zero(FLOATS);
    FloatVector sumHn = FloatVector.zero(FLOATS);
    for (int i = 0; i < size; i += Lanes.COUNT) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, size);
      FloatVector n = FloatVector.fromArray(FLOATS, x, from + i, mask).sub(mean).mul(scale);
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, from + i, mask);
      FloatVector h = g.mul(FloatVector.fromArray(FLOATS, gain, i, mask));
      g.mul(n).intoArray(gains, from + i, mask);
      sumH = sumH.add(h);
      sumHn = h.fma(n, sumHn);
    }
    sumH.intoArray(sums, 0);
    float meanH = norm.isCentered() ? total(sums) / size : 0;
    sumHn.intoArray(sums, 0);
    float meanHn = total(sums) / size;
    for (int i = 0; i < size; i += Lanes.COUNT) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, size);
      FloatVector n = FloatVector.fromArray(FLOATS, x, from + i, mask).sub(mean).mul(scale);
      FloatVector h =
          FloatVector.fromArray(FLOATS, gradient, from + i, mask)
              .mul(FloatVector.fromArray(FLOATS, gain, i, mask));
      h.sub(meanH).sub(n.mul(meanHn)).mul(scale).intoArray(gradient, from + i, mask);
    }
  }
}
