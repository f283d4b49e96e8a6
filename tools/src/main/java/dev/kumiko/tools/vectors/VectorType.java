package dev.kumiko.tools.vectors;

/** What the components of stored vectors are. */
public enum VectorType {
  /** Little-endian floats. */
  FLOAT32("<f4"),
  /** A byte a component, one of 256 steps. */
  INT8("|i1"),
  /** A bit a component, its sign. */
  BINARY("|u1");

  private final String descr;

  VectorType(String descr) {
    this.descr = descr;
  }

  /** Returns what NumPy calls it. */
  public String descr() {
    return descr;
  }

  /** Returns how many items of a NumPy array keep a vector. */
  public int items(int dimension) {
    return this == BINARY ? Math.ceilDiv(dimension, Byte.SIZE) : dimension;
  }

  /** Returns the bytes of one item. */
  public int itemBytes() {
    return this == FLOAT32 ? Float.BYTES : 1;
  }
}
