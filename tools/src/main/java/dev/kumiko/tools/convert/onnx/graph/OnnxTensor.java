package dev.kumiko.tools.convert.onnx.graph;

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
public record OnnxTensor(String name, ElementType type, List<Long> shape, MemorySegment data) {
  /** The element types, in the order of their codes in {@code onnx.proto}, from 1. */
  public enum ElementType {
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
    public DType dtype() {
      return dtype;
    }
  }

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ORDER);

  /** Returns the number of elements. */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Whether the elements are floating-point numbers. */
  public boolean isFloating() {
    return type.dtype() != null && type.dtype().isFloating();
  }

  /** Returns an element of a tensor whose type a model file has, too. */
  public double number(long index) {
    return switch (type.dtype()) {
      case U8 -> Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, index));
      case I8 -> data.get(ValueLayout.JAVA_BYTE, index);
      case I16 -> data.getAtIndex(SHORT, index);
      case I32 -> data.getAtIndex(INT, index);
      case I64 -> data.getAtIndex(LONG, index);
      case F16 -> Float.float16ToFloat(data.getAtIndex(SHORT, index));
      case BF16 -> Float.intBitsToFloat(data.getAtIndex(SHORT, index) << 16);
      case F32 -> data.getAtIndex(FLOAT, index);
      case F64 -> data.getAtIndex(DOUBLE, index);
      default -> throw new IllegalStateException(type.name());
    };
  }
}
