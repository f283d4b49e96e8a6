package dev.kumiko.format;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;

/**
 * A matrix quantised symmetrically to int8 with one scale for each row, {@code value[r][c] =
 * q[r][c] * scale[r]}: the compressed-tensors layout, strategy "channel". The scales are read and
 * checked here; the elements stay in the file until they are asked for.
 */
public final class Int8Matrix {
  private final Tensor elements;
  private final float[] scales;

  private Int8Matrix(Tensor elements, float[] scales) {
    this.elements = elements;
    this.scales = scales;
  }

  /**
   * {@return whether a part's weight is stored as int8}
   *
   * @param file an open model
   * @param part the part's name, such as {@code embeddings.token}
   */
  public static boolean isStored(ModelFile file, String part) {
    return file.find(TensorNames.weight(part)).map(t -> t.type() == DType.I8).orElse(false);
  }

  /**
   * Reads {@code <part>.weight} I8 {@code [rows][columns]} and {@code <part>.weight_scale} F32
   * {@code [rows][1]}.
   *
   * @param file an open model
   * @param part the part's name, such as {@code embeddings.token}
   * @param rows the number of rows
   * @param columns the number of columns
   * @return the matrix; its elements stay in the file
   * @throws ModelFormatException if one is missing or has another type or shape, or if a scale is
   *     not a positive, finite number
   */
  public static Int8Matrix read(ModelFile file, String part, long rows, long columns)
      throws ModelFormatException {
    expect(file, part, rows, columns);
    Tensor elements = file.tensor(TensorNames.weight(part));
    Tensor scale = file.tensor(TensorNames.scale(part));
    float[] scales = scale.toFloats();
    for (int row = 0; row < scales.length; row++) {
      if (!(scales[row] > 0) || Float.isInfinite(scales[row])) {
        throw new ModelFormatException(
            Reason.VALUE_OUT_OF_RANGE,
            "%s: tensor %s: the scale of row %,d is %s; a scale is a positive, finite number. Quantize the model again."
                .formatted(file.source(), scale.name(), row, scales[row]),
            -1,
            scale.name());
      }
    }
    return new Int8Matrix(elements, scales);
  }

  /**
   * Checks that a matrix is there. What its scales are is seen when it is read.
   *
   * @throws ModelFormatException if elements or scales are missing or have another type or shape
   */
  static void expect(ModelFile file, String part, long rows, long columns)
      throws ModelFormatException {
    file.tensor(TensorNames.weight(part)).expect(DType.I8, rows, columns);
    file.tensor(TensorNames.scale(part)).expect(DType.F32, rows, 1);
  }

  /** {@return the number of rows} */
  public int rows() {
    return scales.length;
  }

  /** {@return the number of columns} */
  public int columns() {
    return Math.toIntExact(elements.shape().get(1));
  }

  /** {@return the elements, I8 {@code [rows][columns]}} */
  public Tensor elements() {
    return elements;
  }

  /** {@return the scales {@code [rows]}, not a copy: not to be changed} */
  public float[] scales() {
    return scales;
  }

  /**
   * {@return the values {@code [rows][columns]} in a new array}
   *
   * @throws ModelFormatException if it is not as the format has it
   */
  public float[] toFloats() throws ModelFormatException {
    byte[] quantized = elements.toBytes();
    float[] values = new float[quantized.length];
    int columns = columns();
    for (int i = 0; i < values.length; i++) {
      values[i] = quantized[i] * scales[i / columns];
    }
    return values;
  }
}
