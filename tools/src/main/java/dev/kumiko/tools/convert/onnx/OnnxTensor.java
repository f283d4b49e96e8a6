package dev.kumiko.tools.convert.onnx;

import dev.kumiko.format.DType;
import dev.kumiko.tools.convert.ConversionException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A constant tensor of an ONNX file.
 *
 * @param name its name in the graph; empty in an attribute
 * @param type the element type
 * @param shape its dimensions; empty for a scalar
 * @param data its elements, little-endian and one after another: {@code shape} and {@code type}
 *     agree with its length. Mostly a view of the file
 */
record OnnxTensor(String name, ElementType type, List<Long> shape, MemorySegment data) {
  /** The element types, in the order of their codes in {@code onnx.proto}, from 1. */
  enum ElementType {
    FLOAT(DType.F32),
    UINT8(DType.U8),
    INT8(DType.I8),
    UINT16(null),
    INT16(DType.I16),
    INT32(DType.I32),
    INT64(DType.I64),
    STRING(null),
    BOOL(DType.U8),
    FLOAT16(DType.F16),
    DOUBLE(DType.F64),
    UINT32(null),
    UINT64(null),
    COMPLEX64(null),
    COMPLEX128(null),
    BFLOAT16(DType.BF16);

    private final DType dtype;

    ElementType(DType dtype) {
      this.dtype = dtype;
    }

    static ElementType of(long code, String tensor) throws ConversionException {
      if (code < 1 || code > values().length) {
        throw new ConversionException(
            "Tensor %s has the ONNX element type %d, which Kumiko does not know."
                .formatted(tensor, code));
      }
      return values()[(int) code - 1];
    }

    /** Returns the same type in a model file, or null when a model file has none. */
    DType dtype() {
      return dtype;
    }
  }

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Returns the number of elements. */
  long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Whether the elements are integers that {@link #longs} can return. */
  boolean isInteger() {
    return type == ElementType.INT64 || type == ElementType.INT32;
  }

  /** Returns the elements of an integer tensor. */
  long[] longs() {
    long[] values = new long[Math.toIntExact(elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = type == ElementType.INT64 ? data.getAtIndex(LONG, i) : data.getAtIndex(INT, i);
    }
    return values;
  }

  /** Whether this is a single number of type float. */
  boolean isFloatScalar() {
    return type == ElementType.FLOAT && elements() == 1;
  }

  /** Returns the number of a {@linkplain #isFloatScalar float scalar}. */
  float floatScalar() {
    return data.get(FLOAT, 0);
  }
}
