import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the tiles of {@code dev.kumiko.kernel.vector}, which repeat one shape for each number of
 * rows: Java keeps a vector in a register only if it is a local variable of its own, and vectors
 * must not cross a method call, where C2 may box them. Run by the build: {@code java
 * TileSources.java TARGET_FOLDER}.
 */
final class TileSources {
  /** Fewer rows than this are filled up to it: one or two, which make the only tile. */
  private static final int LOWEST = 3;

  /** The most rows that fit into 32 registers beside their operands. */
  private static final int HIGHEST = 8;

  /** What 16 registers serve best: ten sums, two vectors of weights and three rows at a time. */
  private static final int BEST_OF_16_REGISTERS = 5;

  private static final int INTEGER_ROWS = 4;

  private final StringBuilder out = new StringBuilder();

  private TileSources() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0], "dev", "kumiko", "kernel", "vector");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("FloatTile.java"), new TileSources().floatTile());
    Files.writeString(folder.resolve("HalfTile.java"), new TileSources().halfTile());
    Files.writeString(folder.resolve("IntegerTile.java"), new TileSources().integerTile());
  }

  private void line(String format, Object... values) {
    out.append(format.formatted(values)).append('\n');
  }

  /** Returns the name of the sum of one row and one of the panel's two vectors. */
  private static String sum(int row, int vector) {
    return "s" + row + (vector == 0 ? "a" : "b");
  }

  private String floatTile() {
    line(
        """
        package dev.kumiko.kernel.vector;

        import static dev.kumiko.kernel.vector.Species.FLOATS;
        import static dev.kumiko.kernel.vector.Species.LANES;
        import static dev.kumiko.kernel.vector.Species.PANEL;

        import jdk.incubator.vector.FloatVector;

        /**
         * The product of a few rows with one panel of weights {@code [inner][PANEL]}: {@code y[r][c] =
         * start[r][c] + sum over k of x[k][r] * panel[k][c]}. The rows of x lie side by side, in the
         * first form as many as the tile has, in the second PANEL. The sums begin with zeros, and start
         * is added last: C2 makes slower code of sums that begin with values from memory.
         *
         * <p>C2 reads the values of all rows at the top of the loop if it may. Where there are only 16
         * registers, ten sums, two vectors of weights and five rows leave one of the sums on the stack,
         * and the tile takes twice as long. So a sum is stored to {@code order} after the third row: what
         * is read from memory afterwards cannot be read before, for all C2 knows. Six rows need two
         * such stores in each step, which fill the CPU's buffer of stores while y comes from memory.
         */
        final class FloatTile {
          /** The fewest rows of a tile. */
          static final int LOWEST = %d;

          /** The most. */
          static final int HIGHEST = %d;

          private FloatTile() {}
        """,
        LOWEST,
        HIGHEST);
    forms("packed", PARAMETERS);
    forms("panel", PARAMETERS);
    line("}");
    return out.toString();
  }

  private void forms(String form, String parameters) {
    dispatch(form, parameters);
    for (int rows = LOWEST; rows <= HIGHEST; rows++) {
      rows(form, parameters, rows);
    }
  }

  private static final String PARAMETERS =
      """
      float[] x, int xo, float[] panels, int po, int inner, float[] start, int so, int sStride,
            float[] y, int yo, int yStride, float[] order""";

  private static final String HALF_PARAMETERS = PARAMETERS.replace("float[] panels", "int[] panels");

  private void dispatch(String form, String parameters) {
    line("\n  static void %s(\n      int rows, %s) {\n    switch (rows) {", form, parameters);
    for (int rows = LOWEST; rows <= HIGHEST; rows++) {
      line(
          "      case %d -> %s%d(x, xo, panels, po, inner, start, so, sStride, y, yo, yStride, order);",
          rows, form, rows);
    }
    line("      default -> throw new AssertionError(rows);\n    }\n  }");
  }

  private void rows(String form, String parameters, int rows) {
    line("\n  private static void %s%d(\n      %s) {", form, rows, parameters);
    for (int r = 0; r < rows; r++) {
      line("    FloatVector %s = FloatVector.zero(FLOATS);", sum(r, 0));
      line("    FloatVector %s = %s;", sum(r, 1), sum(r, 0));
    }
    String weights = parameters.equals(HALF_PARAMETERS) ? "LANES" : "PANEL";
    String step = form.equals("panel") ? "PANEL" : String.valueOf(rows);
    line("    for (int k = 0; k < inner; k++, po += %s, xo += %s) {", weights, step);
    weights(form);
    for (int r = 0; r < rows; r++) {
      line("      FloatVector v%d = FloatVector.broadcast(FLOATS, x[xo + %d]);", r, r);
      line("      %1$s = v%2$d.fma(w0, %1$s);", sum(r, 0), r);
      line("      %1$s = v%2$d.fma(w1, %1$s);", sum(r, 1), r);
      if (isFollowedByStore(rows, r)) {
        line("      %s.intoArray(order, LANES);", sum(r, 1));
      }
    }
    line("    }");
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < 2; v++) {
        String more = v == 0 ? "" : " + LANES";
        line("    %s", sum(r, v));
        line("        .add(FloatVector.fromArray(FLOATS, start, so + %d * sStride%s))", r, more);
        line("        .intoArray(y, yo + %d * yStride%s);", r, more);
      }
    }
    line("  }");
  }

  /** Reads the two vectors of weights. */
  private void weights(String form) {
    switch (form) {
      case "bf16" -> {
        line("      IntVector both = IntVector.fromArray(INTS, panels, po);");
        line("      FloatVector w0 = both.lanewise(LSHL, Short.SIZE).reinterpretAsFloats();");
        line("      FloatVector w1 = both.and(UPPER).reinterpretAsFloats();");
      }
      case "f16" -> {
        line("      IntVector both = IntVector.fromArray(INTS, panels, po);");
        line("      FloatVector w0 =");
        line("          both.lanewise(LSHL, Short.SIZE).lanewise(ASHR, F16_SHIFT).and(F16_MASK)");
        line("              .reinterpretAsFloats().mul(F16_FACTOR);");
        line("      FloatVector w1 =");
        line("          both.lanewise(ASHR, F16_SHIFT).and(F16_MASK)");
        line("              .reinterpretAsFloats().mul(F16_FACTOR);");
      }
      default -> {
        line("      FloatVector w0 = FloatVector.fromArray(FLOATS, panels, po);");
        line("      FloatVector w1 = FloatVector.fromArray(FLOATS, panels, po + LANES);");
      }
    }
  }

  private String halfTile() {
    line(
        """
        package dev.kumiko.kernel.vector;

        import static dev.kumiko.kernel.HalfType.F16_FACTOR;
        import static dev.kumiko.kernel.HalfType.F16_MASK;
        import static dev.kumiko.kernel.HalfType.F16_SHIFT;
        import static dev.kumiko.kernel.vector.Species.FLOATS;
        import static dev.kumiko.kernel.vector.Species.INTS;
        import static dev.kumiko.kernel.vector.Species.LANES;
        import static jdk.incubator.vector.VectorOperators.ASHR;
        import static jdk.incubator.vector.VectorOperators.LSHL;

        import jdk.incubator.vector.FloatVector;
        import jdk.incubator.vector.IntVector;

        /**
         * What {@link FloatTile} computes, of 16-bit weights that become floats in registers: {@code
         * [inner][LANES]} ints, each with a weight of both vectors of a panel. The rows of x lie side by
         * side, as many as the tile has.
         */
        final class HalfTile {
          private static final int UPPER = 0xFFFF0000;

          private HalfTile() {}
        """);
    forms("bf16", HALF_PARAMETERS);
    forms("f16", HALF_PARAMETERS);
    line("}");
    return out.toString();
  }

  private static boolean isFollowedByStore(int rows, int row) {
    return switch (rows - BEST_OF_16_REGISTERS) {
      case 0 -> row == 2;
      case 1 -> row == 1 || row == 3;
      default -> false;
    };
  }

  private String integerTile() {
    line(
        """
        package dev.kumiko.kernel.vector;

        import static dev.kumiko.kernel.vector.Species.INTS;
        import static dev.kumiko.kernel.vector.Species.LANES;
        import static dev.kumiko.kernel.vector.Species.SHORTS;
        import static dev.kumiko.kernel.vector.Species.SHORT_PANEL;
        import static jdk.incubator.vector.VectorOperators.ASHR;
        import static jdk.incubator.vector.VectorOperators.LSHL;

        import java.util.Arrays;
        import jdk.incubator.vector.IntVector;
        import jdk.incubator.vector.ShortVector;

        /**
         * The integer product of four rows with one panel of weights: two vectors of shorts. Eight sums,
         * two vectors of weights and four of rows fit into 16 registers whatever order C2 chooses. The
         * products of a group add up in 16 bits, the groups in 32.
         */
        final class IntegerTile {
          /** Rows of one tile. */
          static final int ROWS = %d;

          /** Sums of one tile, {@code [ROWS][SHORT_PANEL]}. */
          static final int SUMS = ROWS * SHORT_PANEL;

          private IntegerTile() {}

          /**
           * Multiplies.
           *
           * @param x {@code [inner][ROWS]} from {@code xo}, each value in both halves of an int
           * @param panel {@code [inner][SHORT_PANEL]}
           * @param groupSize products that add up in 16 bits
           * @param sums {@code [SUMS]}, overwritten; the even lanes of a vector come before the odd ones
           */
          static void multiply(int[] x, int xo, short[] panel, int inner, int groupSize, int[] sums) {
            Arrays.fill(sums, 0, SUMS, 0);
            int po = 0;
            for (int from = 0; from < inner; from += groupSize) {\
        """,
        INTEGER_ROWS);
    for (int r = 0; r < INTEGER_ROWS; r++) {
      line("      ShortVector %s = ShortVector.zero(SHORTS);", sum(r, 0));
      line("      ShortVector %s = %s;", sum(r, 1), sum(r, 0));
    }
    line("      int count = Math.min(groupSize, inner - from);");
    line("      for (int k = 0; k < count; k++, po += SHORT_PANEL, xo += ROWS) {");
    line("        ShortVector w0 = ShortVector.fromArray(SHORTS, panel, po);");
    line("        ShortVector w1 = ShortVector.fromArray(SHORTS, panel, po + 2 * LANES);");
    for (int r = 0; r < INTEGER_ROWS; r++) {
      line(
          "        ShortVector v%1$d = IntVector.broadcast(INTS, x[xo + %1$d]).reinterpretAsShorts();", r);
      line("        %1$s = %1$s.add(v%2$d.mul(w0));", sum(r, 0), r);
      line("        %1$s = %1$s.add(v%2$d.mul(w1));", sum(r, 1), r);
    }
    line("      }");
    for (int r = 0; r < INTEGER_ROWS; r++) {
      for (int v = 0; v < 2; v++) {
        int lanes = 2 * (2 * r + v);
        String halves = "h" + sum(r, v);
        line("      IntVector %s = %s.reinterpretAsInts();", halves, sum(r, v));
        line("      IntVector.fromArray(INTS, sums, %d * LANES)", lanes);
        line("          .add(%s.lanewise(LSHL, 16).lanewise(ASHR, 16))", halves);
        line("          .intoArray(sums, %d * LANES);", lanes);
        line("      IntVector.fromArray(INTS, sums, %d * LANES)", lanes + 1);
        line("          .add(%s.lanewise(ASHR, 16))", halves);
        line("          .intoArray(sums, %d * LANES);", lanes + 1);
      }
    }
    line("    }\n  }\n}");
    return out.toString();
  }
}
