package dev.kumiko.kernel.vector;

import dev.kumiko.kernel.Shapes;

/** Rows of a matrix in an array: they begin at {@code offset} and lie {@code stride} apart. */
final class Window {
  final float[] values;
  final int offset;
  final int stride;

  Window(float[] values, int offset, int stride) {
    this.values = values;
    this.offset = offset;
    this.stride = stride;
  }

  /** Whether so many rows of a width lie in the array, for {@code assert}. */
  boolean has(int rows, int width) {
    return Shapes.matrix("window", values, offset, rows, width, stride);
  }

  /** Returns where a row begins. */
  int row(int row) {
    return offset + row * stride;
  }
}
