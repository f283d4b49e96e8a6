package dev.kumiko.encode;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Linear;

/** Reads a model's tensors, checks their shapes, and packs them for the kernels. */
record Weights(ModelFile file, Kernels kernels, float layerNormEpsilon) {
  /** Reads {@code [rows][columns]}. */
  float[] matrix(String name, int rows, int columns) throws ModelFormatException {
    return file.tensor(name).expect(DType.F32, rows, columns).toFloats();
  }

  /** Reads {@code [size]}. */
  float[] vector(String name, int size) throws ModelFormatException {
    return file.tensor(name).expect(DType.F32, size).toFloats();
  }

  /** Reads {@code <prefix>.weight} {@code [outputs][inputs]} and {@code <prefix>.bias}. */
  Linear linear(String prefix, int outputs, int inputs) throws ModelFormatException {
    return kernels.linear(
        matrix(prefix + ".weight", outputs, inputs),
        vector(prefix + ".bias", outputs),
        outputs,
        inputs);
  }

  /** Reads {@code <prefix>.weight} and {@code <prefix>.bias}, both {@code [size]}. */
  LayerNorm norm(String prefix, int size) throws ModelFormatException {
    return new LayerNorm(
        vector(prefix + ".weight", size), vector(prefix + ".bias", size), layerNormEpsilon);
  }
}
