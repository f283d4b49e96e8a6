package dev.kumiko.kernel;

import java.util.Arrays;

/**
 * A linear layer with int8 weights for plain Java. The weights are {@code byte[inputs][outputs]}; a
 * few of these rows at a time are widened to float and then serve a block of input rows.
 */
final class ScalarInt8Linear implements Linear {
  /** Weight rows that are widened at a time, as many as one step of the product takes. */
  private static final int STEP = 4;

  /** Input rows whose sums stay in cache while all weights pass over them. */
  private static final int ROW_BLOCK = 16;

  private final int inputs;
  private final int outputs;
  private final byte[][] weights;
  private final float[] scales;
  private final float[] bias;

  ScalarInt8Linear(byte[] weight, float[] scales, float[] bias, int outputs, int inputs) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.scales = Arrays.copyOf(scales, outputs);
    this.bias = Arrays.copyOf(bias, outputs);
    this.weights = new byte[inputs][outputs];
    for (int out = 0; out < outputs; out++) {
      for (int k = 0; k < inputs; k++) {
        weights[k][out] = weight[out * inputs + k];
      }
    }
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public void apply(float[] x, int xOffset, int rows, float[] y, int yOffset, Scratch scratch) {
    float[][] memory = scratch.rows(STEP + ROW_BLOCK, outputs);
    float[][] widened = Arrays.copyOf(memory, STEP);
    for (int row = 0; row < rows; row += ROW_BLOCK) {
      int count = Math.min(ROW_BLOCK, rows - row);
      for (int r = 0; r < count; r++) {
        Arrays.fill(memory[STEP + r], 0, outputs, 0f);
      }
      for (int k = 0; k < inputs; k += STEP) {
        int steps = Math.min(STEP, inputs - k);
        for (int i = 0; i < steps; i++) {
          widen(weights[k + i], widened[i]);
        }
        addStep(x, xOffset + row * inputs + k, count, steps, widened, memory);
      }
      for (int r = 0; r < count; r++) {
        finish(memory[STEP + r]);
        System.arraycopy(memory[STEP + r], 0, y, yOffset + (row + r) * outputs, outputs);
      }
    }
  }

  private void addStep(
      float[] x, int from, int rows, int steps, float[][] widened, float[][] memory) {
    int r = 0;
    for (; r + 2 <= rows; r += 2) {
      int x0 = from + r * inputs;
      float[] y0 = memory[STEP + r];
      float[] y1 = memory[STEP + r + 1];
      ScalarProduct.twoRows(x, x0, x0 + inputs, steps, widened, outputs, y0, y1);
    }
    if (r < rows) {
      ScalarProduct.oneRow(x, from + r * inputs, steps, widened, outputs, memory[STEP + r]);
    }
  }

  private static void widen(byte[] from, float[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = from[i];
    }
  }

  private void finish(float[] sums) {
    for (int i = 0; i < outputs; i++) {
      sums[i] = Math.fma(sums[i], scales[i], bias[i]);
    }
  }
}
