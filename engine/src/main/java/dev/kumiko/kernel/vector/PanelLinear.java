package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.PANEL;

import dev.kumiko.kernel.BlockedProduct;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.kernel.Shapes;
import dev.kumiko.kernel.WeightRows;
import java.util.Arrays;

/**
 * A linear layer that multiplies float inputs with its weights in panels {@code [outputs /
 * PANEL][inputs][PANEL]}.
 */
abstract class PanelLinear implements Linear, WeightRows {
  /** So many input rows stay in the second-level cache while all panels pass over them. */
  private static final int ROW_BLOCK = 256;

  private final WarmUp warmUp;
  private final int inputs;
  private final int outputs;
  private final float[] bias;
  private final Window biases;

  PanelLinear(WarmUp warmUp, float[] bias, int outputs, int inputs) {
    this.warmUp = warmUp;
    this.inputs = inputs;
    this.outputs = outputs;
    this.bias = Arrays.copyOf(bias, Species.padToPanel(outputs));
    this.biases = new Window(this.bias, 0, 0);
  }

  /** Sets the bias of consecutive outputs. */
  public final void setBias(int first, float[] values) {
    System.arraycopy(values, 0, bias, first, values.length);
  }

  @Override
  public final int inputs() {
    return inputs;
  }

  @Override
  public final int outputs() {
    return outputs;
  }

  @Override
  public final int outputsTogether() {
    return PANEL;
  }

  /** Returns where in the panels the first weight of an output lies; the next is PANEL behind. */
  static int place(int output, int inputs) {
    return output / PANEL * PANEL * inputs + output % PANEL;
  }

  /** Called before all rows are multiplied with a panel. */
  void begin(int column, int rows, Scratch scratch) {}

  /**
   * Returns an array with the weights of {@code count} inputs from {@code k} on of a panel, {@code
   * [count][PANEL]} from {@link #offset}.
   */
  abstract float[] block(int column, int k, int count, Scratch scratch);

  /** Returns where what {@link #block} returns begins. */
  abstract int offset(int column, int k);

  @Override
  public final void apply(
      float[] x,
      int xOffset,
      int rows,
      int first,
      int end,
      float[] y,
      int yOffset,
      Scratch scratch) {
    assert Shapes.range("outputs", first, end, outputs);
    assert Shapes.linear(inputs, outputs, x, xOffset, rows, y, yOffset);
    if (!warmUp.isDone()) {
      warmUp.count((long) rows * inputs * (end - first));
      BlockedProduct.apply(
          Tiles.INNER_BLOCK, this, bias, x, xOffset, rows, first, end, y, yOffset, scratch);
      return;
    }
    for (int row = 0; row < rows; row += ROW_BLOCK) {
      int count = Math.min(ROW_BLOCK, rows - row);
      LaidRows laid = RowTiles.lay(x, xOffset + row * inputs, inputs, count, inputs, scratch);
      Window out = new Window(y, yOffset + row * outputs, outputs);
      for (int column = first; column < end; column += PANEL) {
        begin(column, count, scratch);
        multiply(laid, column, out, scratch);
      }
    }
  }

  private void multiply(LaidRows x, int column, Window y, Scratch scratch) {
    int block = Tiles.innerBlock(inputs);
    for (int k = 0; k < inputs; k += block) {
      int count = Math.min(block, inputs - k);
      multiplyBlock(x, column, k, count, k == 0 ? biases : y, y, scratch);
    }
  }

  /**
   * Multiplies rows with one block of a panel, {@code count} values from {@code k} on.
   *
   * @param start what the sums begin with
   */
  void multiplyBlock(
      LaidRows x, int column, int k, int count, Window start, Window y, Scratch scratch) {
    float[] panel = block(column, k, count, scratch);
    int po = offset(column, k);
    Tiles.multiplyBlock(x, k, count, panel, po, start, y, column, scratch);
  }
}
