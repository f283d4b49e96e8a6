package dev.kumiko.kernel;

/**
 * What kernels assume of the arrays they get, for {@code assert}: tests look, users do not wait for
 * it. Every method returns true or throws {@link AssertionError} with the numbers.
 */
public final class Shapes {
  private Shapes() {}

  /** Whether an array has {@code [rows][width]} from an offset on. */
  public static boolean matrix(String name, float[] array, int offset, int rows, int width) {
    return matrix(name, array, offset, rows, width, width);
  }

  /** Whether an array has {@code [rows][width]} from an offset on, rows {@code stride} apart. */
  public static boolean matrix(
      String name, float[] array, int offset, int rows, int width, int stride) {
    long end = rows == 0 ? offset : offset + (rows - 1L) * stride + width;
    if (offset < 0 || rows < 0 || width < 0 || end > array.length) {
      throw new AssertionError(
          "%s: [%d][%d] from %d on, rows %d apart, in an array of %d"
              .formatted(name, rows, width, offset, stride, array.length));
    }
    return true;
  }

  /** Whether {@code [first, end)} lies within so many. */
  public static boolean range(String name, int first, int end, int size) {
    if (first < 0 || end < first || end > size) {
      throw new AssertionError("%s: from %d to %d of %d".formatted(name, first, end, size));
    }
    return true;
  }

  /** Whether some outputs of a linear layer can be computed. */
  @SuppressWarnings("ReferenceEquality") // The same array is the fault.
  public static boolean linear(
      int inputs, int outputs, float[] x, int xOffset, int rows, float[] y, int yOffset) {
    if (x == y) {
      throw new AssertionError("the output of a linear layer is its input's array");
    }
    return matrix("x", x, xOffset, rows, inputs) && matrix("y", y, yOffset, rows, outputs);
  }

  /** Whether rows can be normalised. */
  public static boolean normalize(
      float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
    return matrix("x", x, offset, rows, norm.size())
        && (residual == null || matrix("residual", residual, offset, rows, norm.size()));
  }

  /** Whether queries can attend. */
  public static boolean attend(float[] qkv, Queries queries, Heads heads, float[] context) {
    int count = queries.end() - queries.first();
    return range("queries", queries.first(), queries.end(), queries.tokens())
        && matrix(
            "qkv", qkv, queries.firstRow() * heads.rowWidth(), queries.tokens(), heads.rowWidth())
        && matrix(
            "context",
            context,
            queries.contextRow() * heads.queryWidth(),
            count,
            heads.queryWidth());
  }
}
