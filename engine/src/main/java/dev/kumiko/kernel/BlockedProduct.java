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
   * @param bias {@code [at least outputs]}; null to add to y
   * @param x {@code [rows][inputs]} from {@code xOffset}
   * @param first the first output that is computed
   * @param end the end of the outputs that are
   * @param y {@code [rows][outputs]} from {@code yOffset}
   */
  public static void apply(
      int innerBlock,
      WeightRows weights,
      float[] bias,
      float[] x,
      int xOffset,
      int rows,
      int first,
      int end,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int inputs = weights.inputs();
    int outputs = weights.outputs();
    assert Shapes.range("outputs", first, end, outputs);
    assert Shapes.linear(inputs, outputs, x, xOffset, rows, y, yOffset);
    float[][] memory = scratch.rows(STEP + ROW_BLOCK, outputs);
    float[][] step = Arrays.copyOf(memory, STEP);
    float[][] sums = Arrays.copyOfRange(memory, STEP, STEP + ROW_BLOCK);
    for (int row = 0; row < rows; row += ROW_BLOCK) {
      int count = Math.min(ROW_BLOCK, rows - row);
      int from = xOffset + row * inputs;
      int to = yOffset + row * outputs;
      for (int block = 0; block < inputs; block += innerBlock) {
        int blockEnd = Math.min(inputs, block + innerBlock);
        for (int r = 0; r < count; r++) {
          Arrays.fill(sums[r], first, end, 0f);
        }
        for (int k = block; k < blockEnd; k += STEP) {
          int steps = Math.min(STEP, blockEnd - k);
          for (int i = 0; i < steps; i++) {
            step[i] = weights.row(k + i, first, end, memory[i]);
          }
          addStep(x, from + k, inputs, count, steps, step, first, end, sums);
        }
        for (int r = 0; r < count; r++) {
          finish(sums[r], block == 0 ? bias : null, first, end, y, to + r * outputs);
        }
      }
    }
  }

  /** Adds a row's sums to the bias, or else to what y has. */
  private static void finish(float[] sums, float[] bias, int first, int end, float[] y, int to) {
    if (bias != null) {
      for (int c = first; c < end; c++) {
        y[to + c] = sums[c] + bias[c];
      }
    } else {
      for (int c = first; c < end; c++) {
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
      int first,
      int end,
      float[][] sums) {
    int r = 0;
    for (; r + 2 <= rows; r += 2) {
      int x0 = from + r * xStride;
      ScalarProduct.twoRows(x, x0, x0 + xStride, steps, step, first, end, sums[r], sums[r + 1]);
    }
    if (r < rows) {
      ScalarProduct.oneRow(x, from + r * xStride, steps, step, first, end, sums[r]);
    }
  }
}
