package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;

import dev.kumiko.kernel.LayerNorm;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * LayerNorm in passes over a row: sum, what its rounding left over, squares, result. Sums across
 * lanes are made of stored lanes: {@code reduceLanes} leaves its order open.
 */
final class VectorLayerNorm {
  private VectorLayerNorm() {}

  static void addAndNormalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
    int size = norm.size();
    float[] sums = new float[LayerNorm.SUMS];
    for (int row = 0; row < rows; row++) {
      int from = offset + row * size;
      if (residual != null) {
        add(x, residual, from, size);
      }
      float mean = norm.isCentered() ? mean(x, from, size, sums) : 0;
      float variance = squaredDeviations(x, from, size, mean, sums) / size;
      normalize(x, from, mean, (float) (1 / Math.sqrt(variance + norm.epsilon())), norm);
    }
  }

  private static void add(float[] x, float[] residual, int from, int size) {
    for (int i = 0; i < size; i += LANES) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, size);
      FloatVector.fromArray(FLOATS, x, from + i, mask)
          .add(FloatVector.fromArray(FLOATS, residual, from + i, mask))
          .intoArray(x, from + i, mask);
    }
  }

  /** The second sum has small terms only and takes back the rounding of the first. */
  private static float mean(float[] x, int from, int size, float[] sums) {
    float mean = deviations(x, from, size, 0, sums) / size;
    return mean + deviations(x, from, size, mean, sums) / size;
  }

  private static float deviations(float[] x, int from, int size, float mean, float[] sums) {
    for (int part = 0; part < LayerNorm.SUMS; part += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = part; i < size; i += LayerNorm.SUMS) {
        VectorMask<Float> mask = FLOATS.indexInRange(i, size);
        sum = sum.add(FloatVector.fromArray(FLOATS, x, from + i, mask).sub(mean, mask));
      }
      sum.intoArray(sums, part);
    }
    return LayerNorm.total(sums);
  }

  private static float squaredDeviations(float[] x, int from, int size, float mean, float[] sums) {
    for (int part = 0; part < LayerNorm.SUMS; part += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = part; i < size; i += LayerNorm.SUMS) {
        VectorMask<Float> mask = FLOATS.indexInRange(i, size);
        FloatVector d = FloatVector.fromArray(FLOATS, x, from + i, mask).sub(mean, mask);
        sum = d.fma(d, sum);
      }
      sum.intoArray(sums, part);
    }
    return LayerNorm.total(sums);
  }

  private static void normalize(float[] x, int from, float mean, float scale, LayerNorm norm) {
    int size = norm.size();
    for (int i = 0; i < size; i += LANES) {
      VectorMask<Float> mask = FLOATS.indexInRange(i, size);
      FloatVector d = FloatVector.fromArray(FLOATS, x, from + i, mask).sub(mean).mul(scale);
      d.fma(
              FloatVector.fromArray(FLOATS, norm.gain(), i, mask),
              FloatVector.fromArray(FLOATS, norm.bias(), i, mask))
          .intoArray(x, from + i, mask);
    }
  }
}
