package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.HALF_BYTES;
import static dev.kumiko.kernel.vector.Species.INTS;
import static dev.kumiko.kernel.vector.Species.LANES;
import static dev.kumiko.kernel.vector.Species.SHORTS;
import static dev.kumiko.kernel.vector.Species.SHORT_PANEL;

import dev.kumiko.kernel.Int8Input;
import dev.kumiko.kernel.IntegerProduct;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.kernel.Shapes;
import dev.kumiko.kernel.WeightRows;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A linear layer with int8 weights and quantised input. The weights lie in panels {@code [outputs /
 * SHORT_PANEL][inputs][SHORT_PANEL]}, each of which is widened to 16 bits once for a block of rows;
 * in a vector the columns alternate so that its even and its odd lanes are columns in order.
 */
final class VectorIntegerLinear implements Linear, WeightRows {
  /** So many input rows, quantised, stay in the second-level cache while all panels pass. */
  private static final int ROW_BLOCK = 192;

  private final WarmUp warmUp;
  private final Int8Input input;
  private final int outputs;
  private final byte[] panels;
  private final float[] scales;
  private final float[] bias;

  VectorIntegerLinear(
      WarmUp warmUp, byte[] weight, float[] scales, float[] bias, int outputs, Int8Input input) {
    this.warmUp = warmUp;
    this.input = input;
    this.outputs = outputs;
    int padded = (outputs + SHORT_PANEL - 1) / SHORT_PANEL * SHORT_PANEL;
    this.scales = Arrays.copyOf(scales, padded);
    this.bias = Arrays.copyOf(bias, padded);
    int inputs = input.size();
    this.panels = new byte[Math.multiplyExact(padded, inputs)];
    for (int out = 0; out < outputs; out++) {
      int to = place(out, inputs);
      for (int k = 0; k < inputs; k++) {
        panels[to + k * SHORT_PANEL] = weight[out * inputs + k];
      }
    }
  }

  /** Returns where a column's first weight lies; the next is SHORT_PANEL behind it. */
  private static int place(int column, int inputs) {
    int inVector = column % (2 * LANES);
    int lane = 2 * (inVector % LANES) + inVector / LANES;
    return column / SHORT_PANEL * SHORT_PANEL * inputs + column % SHORT_PANEL - inVector + lane;
  }

  @Override
  public int inputs() {
    return input.size();
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public int outputsTogether() {
    return SHORT_PANEL;
  }

  @Override
  public void apply(
      float[] x,
      int xOffset,
      int rows,
      int first,
      int end,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int inputs = input.size();
    assert Shapes.range("outputs", first, end, outputs);
    assert Shapes.linear(inputs, outputs, x, xOffset, rows, y, yOffset);
    if (!warmUp.isDone()) {
      warmUp.count((long) rows * inputs * (end - first));
      IntegerProduct.apply(
          this, scales, bias, input, x, xOffset, rows, first, end, y, yOffset, scratch);
      return;
    }
    int padded = Math.min(rows, ROW_BLOCK) + IntegerTile.ROWS - 1;
    int[] packed = scratch.packed(padded * inputs);
    float[] rowScales = scratch.rowScales(ROW_BLOCK);
    short[] panel = scratch.widened(inputs * SHORT_PANEL);
    int[] sums = scratch.sums(IntegerTile.SUMS);
    for (int row = 0; row < rows; row += ROW_BLOCK) {
      int count = Math.min(ROW_BLOCK, rows - row);
      int from = xOffset + row * inputs;
      int to = yOffset + row * outputs;
      PackedRows.pack(input, x, from, count, packed, rowScales, scratch.row(inputs));
      for (int column = first; column < end; column += SHORT_PANEL) {
        widen(column, panel);
        for (int r = 0; r < count; r += IntegerTile.ROWS) {
          IntegerTile.multiply(packed, r * inputs, panel, inputs, input.groupSize(), sums);
          int last = Math.min(count, r + IntegerTile.ROWS);
          for (int i = r; i < last; i++) {
            int sum = (i - r) * SHORT_PANEL;
            rescale(sums, sum, rowScales[i], column, y, to + i * outputs);
          }
        }
      }
    }
  }

  /** Writes one panel {@code [inputs][SHORT_PANEL]} as shorts. */
  private void widen(int column, short[] panel) {
    int from = column * input.size();
    int size = input.size() * SHORT_PANEL;
    for (int i = 0; i < size; i += 2 * LANES) {
      ((ShortVector)
              ByteVector.fromArray(HALF_BYTES, panels, from + i)
                  .convertShape(VectorOperators.B2S, SHORTS, 0))
          .intoArray(panel, i);
    }
  }

  /** Writes the results of one row and panel; {@code y} has the row's results from {@code yo}. */
  private void rescale(int[] sums, int from, float rowScale, int column, float[] y, int yo) {
    int end = Math.min(outputs, column + SHORT_PANEL);
    int c = column;
    for (; c + LANES <= end; c += LANES) {
      ((FloatVector)
              IntVector.fromArray(INTS, sums, from + c - column)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .mul(rowScale)
          .fma(FloatVector.fromArray(FLOATS, scales, c), FloatVector.fromArray(FLOATS, bias, c))
          .intoArray(y, yo + c);
    }
    for (; c < end; c++) {
      y[yo + c] = Math.fma(sums[from + c - column] * rowScale, scales[c], bias[c]);
    }
  }

  @Override
  public float[] row(int input, int first, int end, float[] memory) {
    for (int column = first; column < end; column++) {
      memory[column] = panels[place(column, inputs()) + input * SHORT_PANEL];
    }
    return memory;
  }
}
