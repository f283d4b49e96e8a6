package dev.kumiko.kernel.machine;

/**
 * Where things lie in memory that the kernels read.
 *
 * <p>A panel serves {@code columns} outputs: their scales, the sums of their weights and their
 * biases as floats, 16 ones of 16 bits, then the weights {@code [inputs / 4][columns][4]}. A
 * quantised row is its scale and its least value as floats, twice, and one byte for each input.
 */
final class PanelLayout {
  /** Inputs are padded to a multiple of this, with weights of zero. */
  static final int INPUTS_TOGETHER = 32;

  /** Inputs of a column that lie together. */
  static final int STEP = 4;

  static final int LINE = 64;

  static final int ROW_HEADER = 16;

  /** Before the factors of the quantising kernel: top, SMALLEST, one, and the order of bytes. */
  static final int CONSTANTS = 64;

  static final int TOP = 0;
  static final int SMALLEST = 4;
  static final int ONE = 8;
  static final int ORDER = 32;

  private final int columns;

  PanelLayout(int columns) {
    this.columns = columns;
  }

  static int scales() {
    return 0;
  }

  int sums() {
    return Float.BYTES * columns;
  }

  int biases() {
    return 2 * Float.BYTES * columns;
  }

  int ones() {
    return 3 * Float.BYTES * columns;
  }

  int weights() {
    return Math.ceilDiv(ones() + 16 * Short.BYTES, LINE) * LINE;
  }

  /** Returns where a weight lies. */
  int weight(int input, int column) {
    return weights() + (input / STEP * columns + column) * STEP + input % STEP;
  }

  /** Returns the bytes of a panel. */
  int size(int paddedInputs) {
    return weights() + paddedInputs * columns;
  }

  static int padded(int inputs) {
    return Math.ceilDiv(inputs, INPUTS_TOGETHER) * INPUTS_TOGETHER;
  }
}
