package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A tensor of a {@link ModelFile}: a view of the file's bytes, row-major and little-endian. Safe to
 * share between threads. Once the file is closed, every access to the values throws {@link
 * IllegalStateException}.
 */
public final class Tensor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The longest array that every JVM can make. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final String source;
  private final Header.Entry entry;
  private final MemorySegment data;

  Tensor(String source, Header.Entry entry, MemorySegment data) {
    this.source = source;
    this.entry = entry;
    this.data = data;
  }

  /** {@return the name} */
  public String name() {
    return entry.name();
  }

  /** {@return the type of the elements} */
  public DType type() {
    return entry.type();
  }

  /** {@return the shape, outermost dimension first; empty for a single number} */
  public List<Long> shape() {
    return entry.shape();
  }

  /** {@return the number of elements, the product of the shape} */
  public long elements() {
    return entry.elements();
  }

  /**
   * {@return the bytes, read-only} They may begin at any address, so that only unaligned layouts
   * can read them.
   */
  public MemorySegment data() {
    return data;
  }

  /** Returns where the bytes begin, counted from the first byte of all tensors. */
  long begin() {
    return entry.begin();
  }

  /** Returns the same tensor with its bytes in another place. */
  Tensor at(MemorySegment bytes) {
    return new Tensor(source, entry, bytes);
  }

  /**
   * Checks type and shape.
   *
   * @param type what it has to be
   * @param shape what it has to be, outermost dimension first
   * @return this tensor
   * @throws ModelFormatException if the tensor has another type or shape
   */
  public Tensor expect(DType type, long... shape) throws ModelFormatException {
    if (type() != type || !hasShape(shape)) {
      throw unexpected(type + " " + Arrays.toString(shape));
    }
    return this;
  }

  /**
   * Checks the shape.
   *
   * @param shape what it has to be, outermost dimension first
   * @return this tensor
   * @throws ModelFormatException if the tensor has another shape
   */
  public Tensor expectShape(long... shape) throws ModelFormatException {
    if (!hasShape(shape)) {
      throw unexpected("the shape " + Arrays.toString(shape));
    }
    return this;
  }

  /**
   * Checks that the elements are weights, {@link DType#F32}, {@link DType#BF16} or {@link
   * DType#F16}, and the shape.
   *
   * @param shape what it has to be, outermost dimension first
   * @return this tensor
   * @throws ModelFormatException if the tensor has another type or shape
   */
  public Tensor expectWeights(long... shape) throws ModelFormatException {
    if (!type().isWeight() || !hasShape(shape)) {
      throw unexpected("F32, BF16 or F16 " + Arrays.toString(shape));
    }
    return this;
  }

  /**
   * Copies the bits of 16-bit elements into an array.
   *
   * @param firstElement the first element to copy, counted over the whole tensor
   * @param target where to copy to, from its beginning on
   * @param count the number of elements
   * @throws IndexOutOfBoundsException if the tensor or the array has fewer elements
   * @throws IllegalStateException if elements have another size
   */
  public void copyShorts(long firstElement, short[] target, int count) {
    if (type().bytes() != Short.BYTES) {
      throw new IllegalStateException(this + " has no elements of 16 bits");
    }
    Objects.checkFromIndexSize(firstElement, count, elements());
    MemorySegment.copy(data, SHORT, firstElement * Short.BYTES, target, 0, count);
  }

  /**
   * Copies elements into an array and converts them to {@code float}: exact for {@link DType#F32},
   * {@link DType#F16} and {@link DType#BF16}, rounded to nearest for {@link DType#F64}.
   *
   * @param firstElement the first element to copy, counted over the whole tensor
   * @param target where to copy to
   * @param offset the first index of {@code target} that is written
   * @param count the number of elements
   * @throws ModelFormatException if the elements are not floating-point numbers
   * @throws IndexOutOfBoundsException if the tensor or the array has fewer elements
   */
  public void copyFloats(long firstElement, float[] target, int offset, int count)
      throws ModelFormatException {
    Objects.checkFromIndexSize(firstElement, count, elements());
    Objects.checkFromIndexSize(offset, count, target.length);
    long at = firstElement * type().bytes();
    if (type() == DType.F32) {
      MemorySegment.copy(data, FLOAT, at, target, offset, count);
    } else if (type() == DType.F16) {
      for (int i = 0; i < count; i++) {
        target[offset + i] = Float.float16ToFloat(data.get(SHORT, at + 2L * i));
      }
    } else if (type() == DType.BF16) {
      for (int i = 0; i < count; i++) {
        target[offset + i] = Float.intBitsToFloat(data.get(SHORT, at + 2L * i) << 16);
      }
    } else if (type() == DType.F64) {
      for (int i = 0; i < count; i++) {
        target[offset + i] = (float) data.get(DOUBLE, at + 8L * i);
      }
    } else {
      throw unexpected("floating-point numbers");
    }
  }

  /**
   * {@return all elements in a new array, converted as by {@link #copyFloats}}
   *
   * @throws ModelFormatException if the elements are not floating-point numbers or too many for an
   *     array
   */
  public float[] toFloats() throws ModelFormatException {
    if (!type().isFloating()) {
      throw unexpected("floating-point numbers");
    }
    float[] values = new float[arrayLength()];
    copyFloats(0, values, 0, values.length);
    return values;
  }

  /**
   * {@return all elements of an {@link DType#F64} tensor in a new array}
   *
   * @throws ModelFormatException if the tensor has another type or too many elements for an array
   */
  public double[] toDoubles() throws ModelFormatException {
    if (type() != DType.F64) {
      throw unexpected("F64");
    }
    double[] values = new double[arrayLength()];
    MemorySegment.copy(data, DOUBLE, 0, values, 0, values.length);
    return values;
  }

  /**
   * {@return all elements of an {@link DType#I32} or {@link DType#I64} tensor in a new array}
   *
   * @throws ModelFormatException if the tensor has another type, a value that is no {@code int}, or
   *     too many elements for an array
   */
  public int[] toInts() throws ModelFormatException {
    if (type() != DType.I32 && type() != DType.I64) {
      throw unexpected("I32 or I64");
    }
    int[] values = new int[arrayLength()];
    if (type() == DType.I32) {
      MemorySegment.copy(data, INT, 0, values, 0, values.length);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      long value = data.get(LONG, 8L * i);
      values[i] = (int) value;
      if (values[i] != value) {
        throw new ModelFormatException(
            Reason.VALUE_OUT_OF_RANGE,
            place() + ": element " + i + " is " + value + ", which does not fit into 32 bits",
            -1,
            name());
      }
    }
    return values;
  }

  /**
   * {@return all elements of an {@link DType#I8} or {@link DType#U8} tensor in a new array}
   *
   * @throws ModelFormatException if the tensor has another type or too many elements for an array
   */
  public byte[] toBytes() throws ModelFormatException {
    if (type() != DType.I8 && type() != DType.U8) {
      throw unexpected("I8 or U8");
    }
    byte[] values = new byte[arrayLength()];
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, 0, values, 0, values.length);
    return values;
  }

  /** Returns name, type and shape. */
  @Override
  public String toString() {
    return name() + " " + type() + " " + shape();
  }

  private boolean hasShape(long... shape) {
    return Arrays.equals(shape, shape().stream().mapToLong(Long::longValue).toArray());
  }

  private int arrayLength() throws ModelFormatException {
    if (elements() > LONGEST_ARRAY) {
      throw new ModelFormatException(
          Reason.TOO_LARGE_FOR_ARRAY,
          place()
              + " has "
              + elements()
              + " elements, more than the "
              + LONGEST_ARRAY
              + " of the longest array",
          -1,
          name());
    }
    return (int) elements();
  }

  private ModelFormatException unexpected(String expected) {
    return new ModelFormatException(
        Reason.UNEXPECTED_TENSOR,
        place() + " is " + type() + " " + shape() + ", expected " + expected,
        -1,
        name());
  }

  private String place() {
    return source + ": tensor " + Quoted.of(name());
  }
}
