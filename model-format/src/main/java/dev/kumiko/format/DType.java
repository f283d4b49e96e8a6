package dev.kumiko.format;

/**
 * The element types a model file can hold. The names are the safetensors codes; all values are
 * stored little-endian.
 */
public enum DType {
  /** IEEE 754 binary64. */
  F64(8),
  /** IEEE 754 binary32. */
  F32(4),
  /** IEEE 754 binary16. */
  F16(2),
  /** bfloat16, the upper half of an F32. */
  BF16(2),
  /** Signed, 64 bits. */
  I64(8),
  /** Signed, 32 bits. */
  I32(4),
  /** Signed, 16 bits. */
  I16(2),
  /** Signed, 8 bits. */
  I8(1),
  /** Unsigned, 16 bits. */
  U16(2),
  /** Unsigned, 8 bits. */
  U8(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** {@return the size of one element in bytes} */
  public int bytes() {
    return bytes;
  }

  /** {@return whether the elements are floats or fewer bits of one: F32, BF16 or F16} */
  public boolean isWeight() {
    return this == F32 || this == F16 || this == BF16;
  }

  /** {@return whether the elements are floating-point numbers} */
  public boolean isFloating() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }
}
