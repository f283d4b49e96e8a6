package dev.kumiko.kernel.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.kumiko.kernel.Int8Input;
import dev.kumiko.kernel.WeightRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * A layer's weights in panels outside the heap, as {@link PanelLayout} says, with what quantises
 * its input. They never change.
 */
final class PackedWeights {
  /** So many inputs cannot overflow 32 bits, whatever the weights are. */
  private static final int MOST_INPUTS = 1 << 16;

  private final Level level;
  private final int outputs;
  private final Int8Input input;
  private final PanelLayout layout;
  private final int padded;
  private final int group;
  private final int top;
  private final float[] scales;
  private final float[] sums;
  private final float[] bias;
  private final MemorySegment panels;
  private final MemorySegment constants;

  private PackedWeights(
      Level level,
      GroupSums.Plan plan,
      byte[] weight,
      float[] scales,
      float[] bias,
      int outputs,
      Int8Input input,
      Arena arena) {
    this.level = level;
    this.outputs = outputs;
    this.input = input;
    this.scales = Arrays.copyOf(scales, outputs);
    this.sums = new float[outputs];
    this.bias = Arrays.copyOf(bias, outputs);
    this.group = plan.group();
    this.top = plan.top();
    this.layout = new PanelLayout(level.columns());
    this.padded = PanelLayout.padded(input.size());
    long size = layout.size(padded);
    this.panels = arena.allocate(size * Math.ceilDiv(outputs, level.columns()), PanelLayout.LINE);
    byte[] panel = new byte[Math.toIntExact(size)];
    for (int first = 0; first < outputs; first += level.columns()) {
      pack(first, weight, panel);
      MemorySegment.copy(panel, 0, panels, JAVA_BYTE, panel(first), panel.length);
    }
    this.constants = constants(arena);
  }

  private MemorySegment constants(Arena arena) {
    byte[] values = new byte[PanelLayout.CONSTANTS + padded * Float.BYTES];
    putFloat(values, PanelLayout.TOP, top);
    putFloat(values, PanelLayout.SMALLEST, Int8Input.SMALLEST);
    putFloat(values, PanelLayout.ONE, 1f);
    // Packing works in halves of a vector: where each four bytes belong.
    for (int i = 0; i < 8; i++) {
      values[PanelLayout.ORDER + i * Integer.BYTES] = (byte) (i / 2 + i % 2 * 4);
    }
    float[] factors = input.factors();
    for (int i = 0; i < factors.length; i++) {
      putFloat(values, PanelLayout.CONSTANTS + i * Float.BYTES, factors[i]);
    }
    MemorySegment segment = arena.allocate(values.length, PanelLayout.LINE);
    MemorySegment.copy(values, 0, segment, JAVA_BYTE, 0, values.length);
    return segment;
  }

  /** By bytes: to make other ways of it ready takes the JVM longer than all this packing. */
  private static void putFloat(byte[] bytes, int at, float value) {
    int bits = Float.floatToRawIntBits(value);
    for (int i = 0; i < Float.BYTES; i++) {
      bytes[at + i] = (byte) (bits >> (Byte.SIZE * i));
    }
  }

  /** Makes the panel of some outputs, in an array: what is not compiled yet is faster there. */
  private void pack(int first, byte[] weight, byte[] panel) {
    Arrays.fill(panel, (byte) 0);
    int inputs = input.size();
    int end = Math.min(outputs, first + level.columns());
    for (int out = first; out < end; out++) {
      int column = out - first;
      int sum = 0;
      int to = layout.weight(0, column);
      for (int from = 0; from < inputs; from += PanelLayout.STEP) {
        int at = out * inputs + from;
        int steps = Math.min(PanelLayout.STEP, inputs - from);
        for (int i = 0; i < steps; i++) {
          panel[to + i] = weight[at + i];
          sum += weight[at + i];
        }
        to += level.columns() * PanelLayout.STEP;
      }
      sums[out] = sum;
      int place = column * Float.BYTES;
      putFloat(panel, place + PanelLayout.scales(), scales[out]);
      putFloat(panel, place + layout.sums(), sum);
      putFloat(panel, place + layout.biases(), bias[out]);
    }
    for (int i = 0; i < 16; i++) {
      panel[layout.ones() + i * Short.BYTES] = 1;
    }
  }

  /**
   * Packs weights, if their sums stay where all arithmetic is exact.
   *
   * @param weight {@code [outputs][input.size()]}, not kept
   * @param scales {@code [outputs]}, not kept
   * @param bias {@code [outputs]}, not kept
   * @param arena what the memory is from, and ends with
   * @throws IllegalArgumentException if an array is shorter than that
   */
  static Optional<PackedWeights> pack(
      Level level,
      byte[] weight,
      float[] scales,
      float[] bias,
      int outputs,
      Int8Input input,
      Arena arena) {
    int inputs = input.size();
    requireLength("weights", weight.length, (long) outputs * inputs);
    requireLength("scales", scales.length, outputs);
    requireLength("biases", bias.length, outputs);
    if (inputs < 1 || inputs > MOST_INPUTS || outputs < 1) {
      return Optional.empty();
    }
    return GroupSums.plan(level, weight, outputs, inputs)
        .map(plan -> new PackedWeights(level, plan, weight, scales, bias, outputs, input, arena));
  }

  private static void requireLength(String what, int length, long needed) {
    if (length < needed) {
      throw new IllegalArgumentException(
          "%,d %s are too few for a layer that has %,d".formatted(length, what, needed));
    }
  }

  int inputs() {
    return input.size();
  }

  int outputs() {
    return outputs;
  }

  Level level() {
    return level;
  }

  Int8Input input() {
    return input;
  }

  int group() {
    return group;
  }

  int top() {
    return top;
  }

  /** Returns the length of a row of inputs for the kernels, with zeros at the end. */
  int padded() {
    return padded;
  }

  MemorySegment constants() {
    return constants;
  }

  /** Returns the panel of an output. */
  MemorySegment panelOf(int output) {
    return panels.asSlice(panel(output), layout.size(padded));
  }

  private long panel(int output) {
    return (long) (output / level.columns()) * layout.size(padded);
  }

  /** Returns the scales {@code [outputs]}, not to be changed. */
  float[] scales() {
    return scales;
  }

  /** Returns the sums of each output's weights, not to be changed. */
  float[] sums() {
    return sums;
  }

  /** Returns the biases {@code [outputs]}, not to be changed. */
  float[] bias() {
    return bias;
  }

  /** Returns the weights as they were, {@code [outputs][inputs]}. */
  byte[] unpacked() {
    int inputs = input.size();
    byte[] weight = new byte[outputs * inputs];
    for (int i = 0; i < weight.length; i++) {
      int out = i / inputs;
      long place = panel(out) + layout.weight(i % inputs, out % level.columns());
      weight[i] = panels.get(JAVA_BYTE, place);
    }
    return weight;
  }

  /** Returns the weights for plain Java, from a copy on the heap; a layer's are read many times. */
  WeightRows rows() {
    byte[] copy = panels.toArray(JAVA_BYTE);
    return new WeightRows() {
      @Override
      public int inputs() {
        return input.size();
      }

      @Override
      public int outputs() {
        return outputs;
      }

      @Override
      public float[] row(int index, int first, int end, float[] memory) {
        for (int from = first; from < end; from += level.columns()) {
          int place = Math.toIntExact(panel(from)) + layout.weight(index, 0);
          int panelEnd = Math.min(end, from + level.columns());
          for (int column = from; column < panelEnd; column++) {
            memory[column] = copy[place];
            place += PanelLayout.STEP;
          }
        }
        return memory;
      }
    };
  }
}
