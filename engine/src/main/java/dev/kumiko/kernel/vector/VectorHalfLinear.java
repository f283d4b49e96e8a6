package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.INTS;
import static dev.kumiko.kernel.vector.Species.LANES;
import static dev.kumiko.kernel.vector.Species.PANEL;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.kumiko.kernel.HalfLinear;
import dev.kumiko.kernel.HalfType;
import dev.kumiko.kernel.Scratch;
import jdk.incubator.vector.IntVector;

/**
 * A linear layer with 16-bit weights. An int has two of them: one of the panel's first vector in
 * its lower half, the one of its second vector at the same place in the upper half, so that a
 * vector of ints becomes both with a shift and a mask.
 *
 * <p>A few rows wait for the weights to come from memory: tiles of their own widen them in
 * registers, again for every few rows. For more rows they are widened once, a block of a panel at a
 * time that stays in the first-level cache.
 */
final class VectorHalfLinear extends PanelLinear implements HalfLinear {
  private static final int LOWER = 0xFFFF;

  /** Up to so many rows tiles that widen weights are faster than widening them once. */
  static final int FEW_ROWS = 32;

  private final HalfType type;
  private final int[] panels;

  VectorHalfLinear(WarmUp warmUp, HalfType type, int outputs, int inputs) {
    super(warmUp, new float[outputs], outputs, inputs);
    this.type = type;
    this.panels = new int[Math.multiplyExact(Species.padToPanel(outputs) / 2, inputs)];
  }

  @Override
  public void setOutputs(int first, int count, short[] weight, int from) {
    int inputs = inputs();
    for (int out = first; out < first + count; out++) {
      int lane = out % PANEL;
      int to = weights(out - lane, 0) + lane % LANES;
      int row = from + (out - first) * inputs;
      int shift = lane < LANES ? 0 : Short.SIZE;
      int kept = ~(LOWER << shift);
      for (int k = 0; k < inputs; k++) {
        int at = to + k * LANES;
        panels[at] = (panels[at] & kept) | ((weight[row + k] & LOWER) << shift);
      }
    }
  }

  /** Returns where in the panels the weights of an input lie. */
  private int weights(int column, int k) {
    return column / 2 * inputs() + k * LANES;
  }

  @Override
  void multiplyBlock(
      LaidRows x, int column, int k, int count, Window start, Window y, Scratch scratch) {
    if (x.rows > FEW_ROWS) {
      super.multiplyBlock(x, column, k, count, start, y, scratch);
      return;
    }
    int columns = Math.min(PANEL, outputs() - column);
    int po = weights(column, k);
    Window edges = new Window(scratch.edge(FloatTile.HIGHEST * PANEL), 0, PANEL);
    int height;
    for (int r = 0; r < x.rows; r += height) {
      height = RowTiles.height(x.rows - r);
      int full = Math.max(height, FloatTile.LOWEST);
      int xo = x.place(r, k, full);
      if (full == height && columns == PANEL) {
        int from = start.row(r) + column;
        int to = y.row(r) + column;
        tile(full, x.tiles, xo, po, count, start, from, y, to, scratch.order());
      } else {
        float[] edge = Tiles.edge(start, r, height, column, columns, scratch);
        tile(full, x.tiles, xo, po, count, edges, 0, edges, 0, scratch.order());
        Tiles.copy(edge, height, y, r, column, columns);
      }
    }
  }

  /** Multiplies some rows: start begins at {@code so} and y at {@code yo}. */
  private void tile(
      int rows,
      float[] x,
      int xo,
      int po,
      int count,
      Window start,
      int so,
      Window y,
      int yo,
      float[] order) {
    float[] from = start.values;
    if (type == HalfType.BF16) {
      HalfTile.bf16(
          rows, x, xo, panels, po, count, from, so, start.stride, y.values, yo, y.stride, order);
    } else {
      HalfTile.f16(
          rows, x, xo, panels, po, count, from, so, start.stride, y.values, yo, y.stride, order);
    }
  }

  @Override
  float[] block(int column, int k, int count, Scratch scratch) {
    float[] panel = scratch.panel(Tiles.innerBlock(inputs()) * PANEL);
    int from = weights(column, k);
    if (type == HalfType.BF16) {
      widenBf16(from, count, panel);
    } else {
      widenF16(from, count, panel);
    }
    return panel;
  }

  @Override
  int offset(int column, int k) {
    return 0;
  }

  /** Writes {@code count} rows of one panel as floats. */
  private void widenBf16(int from, int count, float[] panel) {
    int at = from;
    for (int to = 0; to < count * PANEL; to += PANEL, at += LANES) {
      IntVector both = IntVector.fromArray(INTS, panels, at);
      both.lanewise(LSHL, Short.SIZE).reinterpretAsFloats().intoArray(panel, to);
      both.and(~LOWER).reinterpretAsFloats().intoArray(panel, to + LANES);
    }
  }

  private void widenF16(int from, int count, float[] panel) {
    int at = from;
    for (int to = 0; to < count * PANEL; to += PANEL, at += LANES) {
      IntVector both = IntVector.fromArray(INTS, panels, at);
      both.lanewise(LSHL, Short.SIZE)
          .lanewise(ASHR, HalfType.F16_SHIFT)
          .and(HalfType.F16_MASK)
          .reinterpretAsFloats()
          .mul(HalfType.F16_FACTOR)
          .intoArray(panel, to);
      both.lanewise(ASHR, HalfType.F16_SHIFT)
          .and(HalfType.F16_MASK)
          .reinterpretAsFloats()
          .mul(HalfType.F16_FACTOR)
          .intoArray(panel, to + LANES);
    }
  }

  @Override
  public float[] row(int input, int first, int end, float[] memory) {
    for (int column = first; column < end; column += PANEL) {
      int from = weights(column, input);
      int width = Math.min(PANEL, outputs() - column);
      for (int i = 0; i < width; i++) {
        int both = panels[from + i % LANES];
        memory[column + i] = type.widen((short) (i < LANES ? both : both >> Short.SIZE));
      }
    }
    return memory;
  }
}
