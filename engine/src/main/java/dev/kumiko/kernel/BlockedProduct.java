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

  /** Products that are summed before the bias is added, where nothing asks for another order. */
  public static final int INNER_BLOCK = 384;

  private BlockedProduct() {}

  /**
   * Computes {@code y = x W + b}, adding up in the order of the vector kernels: each block of the
   * inner dimension from zero on, then to the bias or to what the blocks before gave.
   *
   * @param innerBlock length of a block
   * @param weights {@code [inputs][outputs]}
   * @param bias {@code [at least outputs]}
   * @param x {@code [rows][inputs]} from {@code xOffset}
   * @param y {@code [rows][outputs]} from {@code yOffset}, overwritten
   */
  public static void apply(
      int innerBlock,
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
      int from = xOffset + row * inputs;
      int to = yOffset + row * outputs;
      for (int block = 0; block < inputs; block += innerBlock) {
        int end = Math.min(inputs, block + innerBlock);
        for (int r = 0; r < count; r++) {
          Arrays.fill(sums[r], 0, outputs, 0f);
        }
        for (int k = block; k < end; k += STEP) {
          int steps = Math.min(STEP, end - k);
          for (int i = 0; i < steps; i++) {
            step[i] = weights.row(k + i, memory[i]);
          }
          addStep(x, from + k, inputs, count, steps, step, outputs, sums);
        }
        for (int r = 0; r < count; r++) {
          finish(sums[r], block == 0 ? bias : null, outputs, y, to + r * outputs);
        }
      }
    }
  }

  /** Adds a row's sums to the bias, or else to what y has. */
  private static void finish(float[] sums, float[] bias, int outputs, float[] y, int to) {
    if (bias != null) {
      for (int c = 0; c < outputs; c++) {
        y[to + c] = sums[c] + bias[c];
      }
    } else {
      for (int c = 0; c < outputs; c++) {
        y[to + c] += sums[c];
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
