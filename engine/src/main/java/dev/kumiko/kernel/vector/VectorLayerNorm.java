package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;

import dev.kumiko.kernel.LayerNorm;
import jdk.incubator.vector.FloatVector;

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
    int whole = FLOATS.loopBound(size);
    for (int i = from; i < from + whole; i += LANES) {
      FloatVector.fromArray(FLOATS, x, i)
          .add(FloatVector.fromArray(FLOATS, residual, i))
          .intoArray(x, i);
    }
    for (int i = from + whole; i < from + size; i++) {
      x[i] += residual[i];
    }
  }

  /** The second sum has small terms only and takes back the rounding of the first. */
  private static float mean(float[] x, int from, int size, float[] sums) {
    float mean = deviations(x, from, size, 0, sums) / size;
    return mean + deviations(x, from, size, mean, sums) / size;
  }

  private static float deviations(float[] x, int from, int size, float mean, float[] sums) {
    int whole = FLOATS.loopBound(size);
    for (int part = 0; part < LayerNorm.SUMS; part += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = part; i < whole; i += LayerNorm.SUMS) {
        sum = sum.add(FloatVector.fromArray(FLOATS, x, from + i).sub(mean));
      }
      sum.intoArray(sums, part);
    }
    for (int i = whole; i < size; i++) {
      sums[i % LayerNorm.SUMS] += x[from + i] - mean;
    }
    return LayerNorm.total(sums);
  }

  private static float squaredDeviations(float[] x, int from, int size, float mean, float[] sums) {
    int whole = FLOATS.loopBound(size);
    for (int part = 0; part < LayerNorm.SUMS; part += LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = part; i < whole; i += LayerNorm.SUMS) {
        FloatVector d = FloatVector.fromArray(FLOATS, x, from + i).sub(mean);
        sum = d.fma(d, sum);
      }
      sum.intoArray(sums, part);
    }
    for (int i = whole; i < size; i++) {
      float d = x[from + i] - mean;
      sums[i % LayerNorm.SUMS] = Math.fma(d, d, sums[i % LayerNorm.SUMS]);
    }
    return LayerNorm.total(sums);
  }

  private static void normalize(float[] x, int from, float mean, float scale, LayerNorm norm) {
    float[] gain = norm.gain();
    float[] bias = norm.bias();
    int whole = FLOATS.loopBound(norm.size());
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(FLOATS, x, from + i)
          .sub(mean)
          .mul(scale)
          .fma(FloatVector.fromArray(FLOATS, gain, i), FloatVector.fromArray(FLOATS, bias, i))
          .intoArray(x, from + i);
    }
    for (int i = whole; i < norm.size(); i++) {
      x[from + i] = Math.fma((x[from + i] - mean) * scale, gain[i], bias[i]);
    }
  }
}
