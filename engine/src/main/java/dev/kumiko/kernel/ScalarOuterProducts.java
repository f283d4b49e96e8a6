package dev.kumiko.kernel;

/** {@code g' x} in plain Java: a block of the gradient's columns is laid in rows. */
public final class ScalarOuterProducts {
  private static final int OUTPUT_BLOCK = 64;

  private ScalarOuterProducts() {}

  /**
   * Adds the products, see {@link Kernels#addOuterProducts}.
   *
   * @param innerBlock rows that are summed before they are added
   */
  public static void add(
      int innerBlock,
      float[] gradient,
      int outputs,
      int first,
      int end,
      float[] x,
      int inputs,
      int rows,
      float[] target,
      int to,
      Scratch s) {
    WeightRows weights = new InputRows(x, inputs, rows);
    float[] columns = s.tiles(OUTPUT_BLOCK * rows);
    for (int output = first; output < end; output += OUTPUT_BLOCK) {
      int count = Math.min(OUTPUT_BLOCK, end - output);
      for (int row = 0; row < rows; row++) {
        for (int o = 0; o < count; o++) {
          columns[o * rows + row] = gradient[row * outputs + output + o];
        }
      }
      int at = to + (output - first) * inputs;
      BlockedProduct.apply(innerBlock, weights, null, columns, 0, count, 0, inputs, target, at, s);
    }
  }

  /** The rows of x for weights. */
  private static final class InputRows implements WeightRows {
    private final float[] x;
    private final int columns;
    private final int rows;

    InputRows(float[] x, int columns, int rows) {
      this.x = x;
      this.columns = columns;
      this.rows = rows;
    }

    @Override
    public int inputs() {
      return rows;
    }

    @Override
    public int outputs() {
      return columns;
    }

    @Override
    public float[] row(int input, int first, int end, float[] memory) {
      System.arraycopy(x, input * columns + first, memory, first, end - first);
      return memory;
    }
  }
}
