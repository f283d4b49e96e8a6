package dev.kumiko.encode;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Int8Activations;
import dev.kumiko.format.Int8Matrix;
import dev.kumiko.format.Layout.LinearMap;
import dev.kumiko.format.Layout.NormKind;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Int8Input;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.WeightedInput;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a model's tensors, checks their shapes, and packs them for the kernels. With {@code
 * int8Inputs} layers that were quantised for it get quantised input.
 */
record Weights(ModelFile file, Kernels kernels, Architecture architecture, boolean int8Inputs) {
  /** Reads {@code [rows][columns]}. */
  float[] matrix(String name, int rows, int columns) throws ModelFormatException {
    return file.tensor(name).expectWeights(rows, columns).toFloats();
  }

  /** Reads a part's weight {@code [rows][columns]}, int8 with scales or of any other type. */
  float[] table(String part, int rows, int columns) throws ModelFormatException {
    return Int8Matrix.isStored(file, part)
        ? Int8Matrix.read(file, part, rows, columns).toFloats()
        : matrix(TensorNames.weight(part), rows, columns);
  }

  /** Reads {@code [size]}. */
  float[] vector(String name, int size) throws ModelFormatException {
    return file.tensor(name).expectWeights(size).toFloats();
  }

  /**
   * A linear map of a layer: weight {@code [outputs][inputs]}, and bias {@code [outputs]} if any.
   */
  record Part(String name, int outputs) {}

  /** Reads one linear map; the weight is F32, BF16, F16, or int8 with scales. */
  Linear linear(LinearMap kind, int outputs, int inputs, String part) throws ModelFormatException {
    return linear(kind, inputs, new Part(part, outputs));
  }

  /**
   * Reads linear maps that share their input as one whose outputs follow each other. The weights
   * are F32, BF16 or F16, and become floats if they differ, or int8 with scales if the first one
   * is.
   */
  Linear linear(LinearMap kind, int inputs, Part... parts) throws ModelFormatException {
    int outputs = 0;
    for (Part part : parts) {
      outputs += part.outputs();
    }
    float[] bias = bias(kind, outputs, parts);
    return Int8Matrix.isStored(file, parts[0].name())
        ? int8Linear(bias, inputs, parts)
        : floatLinear(bias, inputs, parts);
  }

  private Linear floatLinear(float[] bias, int inputs, Part[] parts) throws ModelFormatException {
    List<Tensor> tensors = new ArrayList<>();
    for (Part part : parts) {
      Tensor tensor = file.tensor(TensorNames.weight(part.name()));
      tensors.add(tensor.expectWeights(part.outputs(), inputs));
    }
    return new FloatWeights(file.source(), tensors, inputs).pack(kernels, bias);
  }

  private Linear int8Linear(float[] bias, int inputs, Part[] parts) throws ModelFormatException {
    byte[] weight = new byte[Math.multiplyExact(bias.length, inputs)];
    float[] scales = new float[bias.length];
    int to = 0;
    for (Part part : parts) {
      Int8Matrix matrix = Int8Matrix.read(file, part.name(), part.outputs(), inputs);
      int size = part.outputs() * inputs;
      MemorySegment.copy(matrix.elements().data(), JAVA_BYTE, 0, weight, to * inputs, size);
      System.arraycopy(matrix.scales(), 0, scales, to, part.outputs());
      to += part.outputs();
    }
    if (architecture.int8Activations().isEmpty()) {
      return kernels.linear(weight, scales, bias, scales.length, inputs);
    }
    Int8Input input = input(inputs, parts);
    return int8Inputs
        ? kernels.linear(weight, scales, bias, scales.length, input)
        : new WeightedInput(kernels.linear(weight, scales, bias, scales.length, inputs), input);
  }

  /** Reads how the common input is quantised. */
  private Int8Input input(int size, Part[] parts) throws ModelFormatException {
    float[] factors = Int8Activations.factors(file, parts[0].name(), size);
    for (Part part : parts) {
      int different = Arrays.mismatch(factors, Int8Activations.factors(file, part.name(), size));
      if (different >= 0) {
        throw new ModelFormatException(
            Reason.VALUE_OUT_OF_RANGE,
            "%s: tensor %s: the factor of input %,d is another than in %s, though the input is the same. Quantize the model again."
                .formatted(
                    file.source(),
                    TensorNames.inputFactor(part.name()),
                    different,
                    TensorNames.inputFactor(parts[0].name())),
            -1,
            TensorNames.inputFactor(part.name()));
      }
    }
    Int8Activations activations = architecture.int8Activations().orElseThrow();
    return new Int8Input(activations.groupSize(), activations.limit(), factors);
  }

  private float[] bias(LinearMap kind, int outputs, Part[] parts) throws ModelFormatException {
    float[] bias = new float[outputs];
    if (!architecture.layout().biased().contains(kind)) {
      return bias;
    }
    int to = 0;
    for (Part part : parts) {
      float[] values = vector(TensorNames.bias(part.name()), part.outputs());
      System.arraycopy(values, 0, bias, to, part.outputs());
      to += part.outputs();
    }
    return bias;
  }

  /** Reads a norm: weight and bias {@code [size]}. */
  LayerNorm norm(String part, int size) throws ModelFormatException {
    boolean hasBias = architecture.layout().normBias();
    NormKind kind = architecture.layout().normKind();
    float[] gain = vector(TensorNames.weight(part), size);
    if (kind == NormKind.RMS_NORM_FROM_ONE) {
      for (int i = 0; i < size; i++) {
        gain[i] += 1;
      }
    }
    return new LayerNorm(
        gain,
        hasBias ? vector(TensorNames.bias(part), size) : new float[size],
        (float) architecture.layerNormEpsilon(),
        kind == NormKind.LAYER_NORM);
  }
}
