package dev.kumiko.tools.convert;

import dev.kumiko.format.DType;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor of the source, on its way into a model file.
 *
 * @param origin its name in the source, for messages
 * @param type its element type there
 * @param shape its shape in the model file, one or two dimensions
 * @param data its little-endian elements, one after another; a view, read when it is written
 * @param transposed whether the source stores a {@code [rows][columns]} matrix as {@code
 *     [columns][rows]}
 */
public record Weight(
    String origin, DType type, List<Long> shape, MemorySegment data, boolean transposed) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Returns some of equal slices of the rows.
   *
   * @param slice the index of the first, from 0
   * @param count how many of them
   * @param slices how many there are; must divide the rows
   */
  public Weight rows(int slice, int count, int slices) {
    List<Long> part = new ArrayList<>(shape);
    part.set(0, shape.get(0) / slices * count);
    long bytes = data.byteSize() / slices;
    return new Weight(origin, type, part, data.asSlice(slice * bytes, count * bytes), false);
  }

  /**
   * Checks that the elements are floating-point numbers.
   *
   * @throws ConversionException if they are not
   */
  public void requireFloatingPoint() throws ConversionException {
    if (!type.isFloating()) {
      throw new ConversionException(
          "Tensor %s holds %s values. Kumiko converts unquantised models (F32, F16, BF16): take "
                  .formatted(origin, type)
              + "the model's fp32 export.");
    }
  }

  /**
   * Writes the elements, row by row, rounded to nearest where the type is shorter than theirs.
   *
   * @param target F32, BF16 or F16
   * @throws ConversionException at an element that is infinite or not a number, or that the type
   *     cannot hold
   */
  public void writeTo(OutputStream out, DType target) throws IOException {
    long rows = shape.get(0);
    int columns = shape.size() == 1 ? 1 : Math.toIntExact(shape.get(1));
    ByteBuffer row =
        ByteBuffer.allocate(Math.multiplyExact(columns, target.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long r = 0; r < rows; r++) {
      row.clear();
      for (int c = 0; c < columns; c++) {
        long index = transposed ? c * rows + r : r * columns + c;
        float value = element(index);
        switch (target) {
          case F32 -> row.putFloat(value);
          case BF16 -> row.putShort(rounded(index, value, Rounding.toBf16(value), target));
          case F16 -> row.putShort(rounded(index, value, Float.floatToFloat16(value), target));
          default -> throw new IllegalArgumentException(target.name());
        }
      }
      out.write(row.array());
    }
  }

  private short rounded(long index, float value, short bits, DType target)
      throws ConversionException {
    float stored = target == DType.BF16 ? Rounding.fromBf16(bits) : Float.float16ToFloat(bits);
    if (!Float.isFinite(stored)) {
      throw new ConversionException(
          "Tensor %s has the value %s at element %,d, which is too large for %s; convert without --weights, or with another type."
              .formatted(origin, value, index, target));
    }
    return bits;
  }

  /**
   * Returns an element, by its place in {@code shape}.
   *
   * @param column 0 in a vector
   */
  public float number(long row, long column) {
    long columns = shape.size() == 1 ? 1 : shape.get(1);
    return stored(transposed ? column * shape.get(0) + row : row * columns + column);
  }

  private float stored(long index) {
    return switch (type) {
      case F32 -> data.getAtIndex(FLOAT, index);
      case F16 -> Float.float16ToFloat(data.getAtIndex(SHORT, index));
      case BF16 -> Rounding.fromBf16(data.getAtIndex(SHORT, index));
      case F64 -> (float) data.getAtIndex(DOUBLE, index);
      default -> throw new IllegalStateException(type.name());
    };
  }

  private float element(long index) throws ConversionException {
    float value = stored(index);
    if (!Float.isFinite(value)) {
      throw new ConversionException(
          "Tensor %s has the value %s at element %,d; a model that can be used has only finite ones."
              .formatted(origin, value, index));
    }
    return value;
  }
}
