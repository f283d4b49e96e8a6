package dev.kumiko.format;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How an encoder quantises the inputs of its int8 layers, token by token: each component is
 * multiplied with its factor, and the largest magnitude becomes {@code limit}. The products of an
 * activation and a weight add up in 16 bits over {@code groupSize} inputs, exactly, as every
 * group's weights are small enough (Colbert et al., A2Q, arXiv 2308.13504).
 *
 * @param groupSize inputs whose products add up in 16 bits; the last group of a row may be shorter
 * @param limit largest magnitude of a quantised activation
 */
public record Int8Activations(int groupSize, int limit) {
  /** So many sums of 16 bits add up below 2^24, where a float still holds every integer. */
  private static final int MOST_GROUPS = 512;

  /** {@return the largest sum of magnitudes that the weights of one group may have} */
  public int largestSum() {
    return Short.MAX_VALUE / limit;
  }

  /**
   * Reads {@code <part>.input_factor} F32 {@code [columns]}.
   *
   * @param file an open model
   * @param part the part's name, such as {@code embeddings.token}
   * @param columns the number of columns
   * @return the factors {@code [columns]}
   * @throws ModelFormatException if it is missing or has another type or shape, or if a factor is
   *     not a positive, finite number
   */
  public static float[] factors(ModelFile file, String part, long columns)
      throws ModelFormatException {
    Tensor tensor = file.tensor(TensorNames.inputFactor(part)).expect(DType.F32, columns);
    float[] factors = tensor.toFloats();
    for (int i = 0; i < factors.length; i++) {
      if (!(factors[i] > 0) || Float.isInfinite(factors[i])) {
        throw bad(
            file,
            tensor.name(),
            "the factor of input %,d is %s; a factor is a positive, finite number"
                .formatted(i, factors[i]));
      }
    }
    return factors;
  }

  /**
   * Checks that no sum of 16 bits can overflow, whatever the activations are, and that float holds
   * the sum of all groups.
   *
   * @throws ModelFormatException naming tensor, row and group
   */
  void check(ModelFile file, Int8Matrix matrix) throws ModelFormatException {
    String name = matrix.elements().name();
    int columns = matrix.columns();
    if ((columns - 1) / groupSize >= MOST_GROUPS) {
      throw bad(
          file,
          name,
          "%,d inputs are more than %,d groups of %,d".formatted(columns, MOST_GROUPS, groupSize));
    }
    byte[] row = new byte[columns];
    MemorySegment elements = matrix.elements().data();
    for (int r = 0; r < matrix.rows(); r++) {
      MemorySegment.copy(elements, ValueLayout.JAVA_BYTE, (long) r * columns, row, 0, columns);
      for (int from = 0; from < columns; from += groupSize) {
        long sum = sum(row, from, Math.min(groupSize, columns - from));
        if (sum > largestSum()) {
          throw bad(
              file,
              name,
              "the magnitudes of row %,d, group %,d, add up to %,d; with activations up to %d they may be %,d at most"
                  .formatted(r, from / groupSize, sum, limit, largestSum()));
        }
      }
    }
  }

  private static long sum(byte[] row, int from, int count) {
    long sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += Math.abs(row[i]);
    }
    return sum;
  }

  private static ModelFormatException bad(ModelFile file, String tensor, String problem) {
    return new ModelFormatException(
        Reason.VALUE_OUT_OF_RANGE,
        "%s: tensor %s: %s. Quantize the model again.".formatted(file.source(), tensor, problem),
        -1,
        tensor);
  }
}
