package dev.kumiko.kernel.machine;

import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.Scratch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * A linear layer with int8 weights and quantised input, computed by assembled programs; by their
 * plain twin until these are there, and by the kernels below if they never come.
 */
final class MachineLinear implements Linear {
  /** Multiplications of one call, which take about 20 microseconds. */
  private static final int CALL = 1 << 20;

  /** So many rows, quantised, stay in the second-level cache. */
  private static final int MOST_ROWS = 192;

  private final MachineCode machine;
  private final PackedWeights weights;
  private final Kernels below;

  /** Of the kernels below, once it is known that there are no others. */
  private volatile Linear substitute;

  MachineLinear(MachineCode machine, PackedWeights weights, Kernels below) {
    this.machine = machine;
    this.weights = weights;
    this.below = below;
  }

  @Override
  public int inputs() {
    return weights.inputs();
  }

  @Override
  public int outputs() {
    return weights.outputs();
  }

  @Override
  public int outputsTogether() {
    return weights.level().columns();
  }

  /** Returns how many products are added in 16 bits. */
  int group() {
    return weights.group();
  }

  /**
   * Proves that all that the programs read and write lies within the arrays, then calls them.
   *
   * @throws IndexOutOfBoundsException if it does not
   * @throws IllegalStateException if the arena of the weights is closed
   */
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
    int inputs = inputs();
    int columns = outputsTogether();
    Objects.checkFromIndexSize(xOffset, (long) rows * inputs, x.length);
    Objects.checkFromIndexSize(yOffset, (long) rows * outputs(), y.length);
    Objects.checkFromToIndex(first, end, outputs());
    if (first % columns != 0) {
      throw new IndexOutOfBoundsException(
          "The outputs begin with %,d, which is no multiple of %d".formatted(first, columns));
    }
    long multiplications = (long) rows * inputs * (end - first);
    below.worked(multiplications);
    Code code = machine.code();
    if (code == null) {
      machine.count(multiplications);
      withoutCode(x, xOffset, rows, first, end, y, yOffset, scratch);
      return;
    }
    int fitting = CALL / (weights.padded() * columns);
    int tile = weights.level().rows();
    int block = Math.min(Math.max(fitting / tile * tile, 1), MOST_ROWS);
    for (int row = 0; row < rows; row += block) {
      int count = Math.min(block, rows - row);
      MemorySegment quantized = quantize(code, x, xOffset + row * inputs, count, scratch);
      multiply(code, quantized, count, first, end, y, yOffset + row * outputs(), scratch);
    }
  }

  private MemorySegment quantize(Code code, float[] x, int from, int count, Scratch scratch) {
    int inputs = inputs();
    int padded = weights.padded();
    float[] values = x;
    int at = from;
    if (padded != inputs) {
      values = scratch.quantized(count * padded);
      at = 0;
      for (int row = 0; row < count; row++) {
        System.arraycopy(x, from + row * inputs, values, row * padded, inputs);
        Arrays.fill(values, row * padded + inputs, (row + 1) * padded, 0f);
      }
    }
    int size = count * (PanelLayout.ROW_HEADER + padded);
    MemorySegment rows =
        MemorySegment.ofArray(scratch.packed(size / Integer.BYTES)).asSlice(0, size);
    MemorySegment source =
        MemorySegment.ofArray(values)
            .asSlice((long) at * Float.BYTES, (long) count * padded * Float.BYTES);
    Calls.quantize(code.quantize(), source, weights.constants(), rows, count, padded);
    return rows;
  }

  /** Multiplies rows with panels; what the last one has too much goes elsewhere. */
  private void multiply(
      Code code,
      MemorySegment quantized,
      int count,
      int first,
      int end,
      float[] y,
      int to,
      Scratch scratch) {
    MemorySegment program = code.multiply().get(weights.group());
    int outputs = outputs();
    int columns = outputsTogether();
    long stride = (long) outputs * Float.BYTES;
    long size = (count - 1) * stride + (long) columns * Float.BYTES;
    for (int column = first; column < end; column += columns) {
      MemorySegment panel = weights.panelOf(column);
      if (column + columns <= end) {
        MemorySegment results =
            MemorySegment.ofArray(y).asSlice((long) (to + column) * Float.BYTES, size);
        Calls.multiply(program, quantized, panel, results, count, weights.padded(), stride);
      } else {
        float[] edge = scratch.edge(count * columns);
        MemorySegment results =
            MemorySegment.ofArray(edge).asSlice(0, (long) count * columns * Float.BYTES);
        long width = (long) columns * Float.BYTES;
        Calls.multiply(program, quantized, panel, results, count, weights.padded(), width);
        for (int row = 0; row < count; row++) {
          System.arraycopy(edge, row * columns, y, to + row * outputs + column, end - column);
        }
      }
    }
  }

  private void withoutCode(
      float[] x,
      int xOffset,
      int rows,
      int first,
      int end,
      float[] y,
      int yOffset,
      Scratch scratch) {
    if (machine.missing().isEmpty()) {
      PlainRows.apply(weights, x, xOffset, rows, first, end, y, yOffset, scratch);
    } else {
      substitute().apply(x, xOffset, rows, first, end, y, yOffset, scratch);
    }
  }

  private synchronized Linear substitute() {
    if (substitute == null) {
      substitute =
          below.linear(
              weights.unpacked(), weights.scales(), weights.bias(), outputs(), weights.input());
    }
    return substitute;
  }
}
