package dev.kumiko.encode;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;
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

  /** Reads a part: weight {@code [outputs][inputs]}, bias {@code [outputs]}. */
  Linear linear(String part, int outputs, int inputs) throws ModelFormatException {
    return kernels.linear(
        matrix(TensorNames.weight(part), outputs, inputs),
        vector(TensorNames.bias(part), outputs),
        outputs,
        inputs);
  }

  /** Reads a LayerNorm: weight and bias {@code [size]}. */
  LayerNorm norm(String part, int size) throws ModelFormatException {
    return new LayerNorm(
        vector(TensorNames.weight(part), size),
        vector(TensorNames.bias(part), size),
        layerNormEpsilon);
  }
}
