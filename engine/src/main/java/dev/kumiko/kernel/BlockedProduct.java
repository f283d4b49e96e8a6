package dev.kumiko.kernel;

import java.util.Arrays;

/**
 * A linear layer in plain Java over weights of any layout: a few of their rows at a time serve a
 * block of input rows, so that both stay in cache.
 */
public final class BlockedProduct {
  /** Weight rows at a time, as many as one step of the product takes. */
  private static final int STEP = 4;

  /** Input rows whose sums stay in cache while all weights pass over them. */
  private static final int ROW_BLOCK = 16;

  private BlockedProduct() {}

  /**
   * Computes {@code y = x W + b}.
   *
   * @param weights {@code [inputs][outputs]}
   * @param bias {@code [at least outputs]}
   * @param x {@code [rows][inputs]} from {@code xOffset}
   * @param y {@code [rows][outputs]} from {@code yOffset}, overwritten
   */
  public static void apply(
      WeightRows weights,
      float[] bias,
      int outputs,
      int inputs,
      float[] x,
      int xOffset,
      int rows,
      float[] y,
      int yOffset,
      Scratch scratch) {
    float[][] memory = scratch.rows(STEP + ROW_BLOCK, outputs);
    float[][] step = Arrays.copyOf(memory, STEP);
    float[][] sums = Arrays.copyOfRange(memory, STEP, STEP + ROW_BLOCK);
    for (int row = 0; row < rows; row += ROW_BLOCK) {
      int count = Math.min(ROW_BLOCK, rows - row);
      for (int r = 0; r < count; r++) {
        System.arraycopy(bias, 0, sums[r], 0, outputs);
      }
      for (int k = 0; k < inputs; k += STEP) {
        int steps = Math.min(STEP, inputs - k);
        for (int i = 0; i < steps; i++) {
          step[i] = weights.row(k + i, memory[i]);
        }
        addStep(x, xOffset + row * inputs + k, inputs, count, steps, step, outputs, sums);
      }
      for (int r = 0; r < count; r++) {
        System.arraycopy(sums[r], 0, y, yOffset + (row + r) * outputs, outputs);
      }
    }
  }

  private static void addStep(
      float[] x,
      int from,
      int xStride,
      int rows,
      int steps,
      float[][] step,
      int outputs,
      float[][] sums) {
    int r = 0;
    for (; r + 2 <= rows; r += 2) {
      int x0 = from + r * xStride;
      ScalarProduct.twoRows(x, x0, x0 + xStride, steps, step, outputs, sums[r], sums[r + 1]);
    }
    if (r < rows) {
      ScalarProduct.oneRow(x, from + r * xStride, steps, step, outputs, sums[r]);
    }
  }
}
