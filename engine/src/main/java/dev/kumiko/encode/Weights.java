package dev.kumiko.encode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.DType;
import dev.kumiko.format.Int8Activations;
import dev.kumiko.format.Int8Matrix;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.ModelFormatException.Reason;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Int8Input;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.WeightedInput;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Reads a model's tensors, checks their shapes, and packs them for the kernels. With {@code
 * int8Inputs} layers that were quantised for it get quantised input.
 */
record Weights(ModelFile file, Kernels kernels, Architecture architecture, boolean int8Inputs) {
  /** Reads {@code [rows][columns]}. */
  float[] matrix(String name, int rows, int columns) throws ModelFormatException {
    return file.tensor(name).expect(DType.F32, rows, columns).toFloats();
  }

  /** Reads a part's weight {@code [rows][columns]}, F32 or int8 with scales. */
  float[] table(String part, int rows, int columns) throws ModelFormatException {
    return Int8Matrix.isStored(file, part)
        ? Int8Matrix.read(file, part, rows, columns).toFloats()
        : matrix(TensorNames.weight(part), rows, columns);
  }

  /** Reads {@code [size]}. */
  float[] vector(String name, int size) throws ModelFormatException {
    return file.tensor(name).expect(DType.F32, size).toFloats();
  }

  /**
   * Reads linear maps that share their input, each weight {@code [outputs][inputs]} and bias {@code
   * [outputs]}, as one whose outputs follow each other. The weights are F32, or int8 with scales if
   * the first one is.
   */
  Linear linear(int outputs, int inputs, String... parts) throws ModelFormatException {
    return Int8Matrix.isStored(file, parts[0])
        ? int8Linear(outputs, inputs, parts)
        : floatLinear(outputs, inputs, parts);
  }

  private Linear floatLinear(int outputs, int inputs, String[] parts) throws ModelFormatException {
    int size = outputs * inputs;
    float[] weight = new float[parts.length * size];
    for (int i = 0; i < parts.length; i++) {
      Tensor part = file.tensor(TensorNames.weight(parts[i])).expect(DType.F32, outputs, inputs);
      part.copyFloats(0, weight, i * size, size);
    }
    return kernels.linear(weight, bias(outputs, parts), parts.length * outputs, inputs);
  }

  private Linear int8Linear(int outputs, int inputs, String[] parts) throws ModelFormatException {
    byte[] weight = new byte[parts.length * outputs * inputs];
    float[] scales = new float[parts.length * outputs];
    for (int i = 0; i < parts.length; i++) {
      Int8Matrix part = Int8Matrix.read(file, parts[i], outputs, inputs);
      int size = outputs * inputs;
      MemorySegment.copy(part.elements().data(), JAVA_BYTE, 0, weight, i * size, size);
      System.arraycopy(part.scales(), 0, scales, i * outputs, outputs);
    }
    float[] bias = bias(outputs, parts);
    if (architecture.int8Activations().isEmpty()) {
      return kernels.linear(weight, scales, bias, scales.length, inputs);
    }
    Int8Input input = input(inputs, parts);
    return int8Inputs
        ? kernels.linear(weight, scales, bias, scales.length, input)
        : new WeightedInput(kernels.linear(weight, scales, bias, scales.length, inputs), input);
  }

  /** Reads how the common input is quantised. */
  private Int8Input input(int size, String[] parts) throws ModelFormatException {
    float[] factors = Int8Activations.factors(file, parts[0], size);
    for (String part : parts) {
      int different = Arrays.mismatch(factors, Int8Activations.factors(file, part, size));
      if (different >= 0) {
        throw new ModelFormatException(
            Reason.VALUE_OUT_OF_RANGE,
            "%s: tensor %s: the factor of input %,d is another than in %s, though the input is the same. Quantize the model again."
                .formatted(
                    file.source(),
                    TensorNames.inputFactor(part),
                    different,
                    TensorNames.inputFactor(parts[0])),
            -1,
            TensorNames.inputFactor(part));
      }
    }
    Int8Activations activations = architecture.int8Activations().orElseThrow();
    return new Int8Input(activations.groupSize(), activations.limit(), factors);
  }

  private float[] bias(int outputs, String[] parts) throws ModelFormatException {
    float[] bias = new float[parts.length * outputs];
    if (!architecture.layout().linearBias()) {
      return bias;
    }
    for (int i = 0; i < parts.length; i++) {
      System.arraycopy(vector(TensorNames.bias(parts[i]), outputs), 0, bias, i * outputs, outputs);
    }
    return bias;
  }

  /** Reads a LayerNorm: weight and bias {@code [size]}. */
  LayerNorm norm(String part, int size) throws ModelFormatException {
    boolean hasBias = architecture.layout().normBias();
    return new LayerNorm(
        vector(TensorNames.weight(part), size),
        hasBias ? vector(TensorNames.bias(part), size) : new float[size],
        (float) architecture.layerNormEpsilon());
  }
}
