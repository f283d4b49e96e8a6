package dev.kumiko.encode;

import dev.kumiko.format.DType;
import dev.kumiko.format.Tensor;
import dev.kumiko.kernel.ChangingLinear;
import dev.kumiko.kernel.HalfLinear;
import dev.kumiko.kernel.HalfType;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.util.List;
import java.util.Optional;

/**
 * The weights of one linear layer on their way from a file, a few rows at a time: beside the packed
 * layer there is never more than that in memory.
 */
final class FloatWeights {
  /** Elements at a time, a row at least. */
  private static final int CHUNK = 1 << 16;

  /** An F16 that is infinite or not a number has all bits of the exponent, and a BF16 too. */
  private static final int F16_EXPONENT = 0x7C00;

  private static final int BF16_EXPONENT = 0x7F80;

  private final String source;
  private final List<Tensor> tensors;
  private final int inputs;
  private final int chunkRows;

  /**
   * Takes weights whose outputs follow each other.
   *
   * @param source their file, for messages
   * @param tensors F32, BF16 or F16 {@code [its outputs][inputs]}
   */
  FloatWeights(String source, List<Tensor> tensors, int inputs) {
    this.source = source;
    this.tensors = tensors;
    this.inputs = inputs;
    this.chunkRows = Math.max(1, CHUNK / inputs);
  }

  /** Packs them; those of 16 bits stay so if all are of one type. */
  Linear pack(Kernels kernels, float[] bias) throws ModelFormatException {
    Optional<HalfType> type = halfType();
    return type.isPresent() ? halves(kernels, type.get(), bias) : floats(kernels, bias);
  }

  private Optional<HalfType> halfType() {
    DType first = tensors.getFirst().type();
    if (first == DType.F32 || tensors.stream().anyMatch(tensor -> tensor.type() != first)) {
      return Optional.empty();
    }
    return Optional.of(first == DType.BF16 ? HalfType.BF16 : HalfType.F16);
  }

  private Linear floats(Kernels kernels, float[] bias) throws ModelFormatException {
    ChangingLinear linear = kernels.changing(bias.length, inputs);
    linear.setBias(0, bias);
    float[] chunk = new float[Math.multiplyExact(chunkRows, inputs)];
    forChunks(
        (tensor, element, output, rows) -> {
          tensor.copyFloats(element, chunk, 0, rows * inputs);
          linear.setOutputs(output, rows, chunk, 0);
        });
    return linear;
  }

  private Linear halves(Kernels kernels, HalfType type, float[] bias) throws ModelFormatException {
    HalfLinear linear = kernels.half(type, bias.length, inputs);
    linear.setBias(0, bias);
    short[] chunk = new short[Math.multiplyExact(chunkRows, inputs)];
    forChunks(
        (tensor, element, output, rows) -> {
          tensor.copyShorts(element, chunk, rows * inputs);
          requireFinite(type, tensor, element, chunk, rows * inputs);
          linear.setOutputs(output, rows, chunk, 0);
        });
    return linear;
  }

  /** What is done with a few rows of a tensor. */
  @FunctionalInterface
  private interface Chunk {
    /**
     * Takes rows.
     *
     * @param element where they begin in the tensor
     * @param output where they begin in the layer
     */
    void take(Tensor tensor, long element, int output, int rows) throws ModelFormatException;
  }

  private void forChunks(Chunk chunk) throws ModelFormatException {
    int output = 0;
    for (Tensor tensor : tensors) {
      int rows = Math.toIntExact(tensor.shape().getFirst());
      for (int row = 0; row < rows; row += chunkRows) {
        int count = Math.min(chunkRows, rows - row);
        chunk.take(tensor, (long) row * inputs, output + row, count);
      }
      output += rows;
    }
  }

  private void requireFinite(HalfType type, Tensor tensor, long first, short[] chunk, int count)
      throws ModelFormatException {
    int exponent = type == HalfType.BF16 ? BF16_EXPONENT : F16_EXPONENT;
    for (int i = 0; i < count; i++) {
      if ((chunk[i] & exponent) == exponent) {
        throw new ModelFormatException(
            Reason.VALUE_OUT_OF_RANGE,
            "%s: tensor %s: element %,d is infinite or not a number; a model that can be used has only finite weights."
                .formatted(source, tensor.name(), first + i),
            -1,
            tensor.name());
      }
    }
  }
}
