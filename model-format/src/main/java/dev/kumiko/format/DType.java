package dev.kumiko.format;

/**
 * The element types a model file can hold. The names are the safetensors codes; all values are
 * stored little-endian.
 */
public enum DType {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U16(2),
  U8(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether the elements are floats or fewer bits of one: F32, BF16 or F16. */
  public boolean isWeight() {
    return this == F32 || this == F16 || this == BF16;
  }

  /** Returns whether the elements are floating-point numbers. */
  public boolean isFloating() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }
}
