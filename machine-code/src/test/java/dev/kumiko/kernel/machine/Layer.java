package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.kernel.Int8Input;
import dev.kumiko.kernel.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** A layer with random or given integers, and quantised rows for it. */
final class Layer {
  final Level level;
  final int outputs;
  final int inputs;
  final byte[] weight;
  final float[] scales;
  final float[] bias;
  final Int8Input input;
  final PackedWeights packed;

  Layer(Level level, int outputs, int inputs, byte[] weight, Random random, Arena arena) {
    this.level = level;
    this.outputs = outputs;
    this.inputs = inputs;
    this.weight = weight;
    this.scales = positive(random, outputs);
    this.bias = positive(random, outputs);
    this.input = new Int8Input(32, 80, positive(random, inputs));
    this.packed =
        PackedWeights.pack(level, weight, scales, bias, outputs, input, arena).orElseThrow();
  }

  /** A layer whose weights reach so far. */
  static Layer random(Level level, int outputs, int inputs, int most, long seed, Arena arena) {
    Random random = new Random(seed);
    byte[] weight = new byte[outputs * inputs];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (byte) (random.nextInt(2 * most + 1) - most);
    }
    return new Layer(level, outputs, inputs, weight, random, arena);
  }

  /** The largest random weights for which such groups are taken. */
  static int most(Level level, int group) {
    return switch (level.isBounded() ? group : 0) {
      case 16 -> 16;
      case 8 -> 32;
      case 4 -> 64;
      case 2, 0 -> 127;
      default -> throw new IllegalArgumentException("groups of " + group);
    };
  }

  private static float[] positive(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 0.5f + random.nextFloat();
    }
    return values;
  }

  static float[] normal(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Returns rows as the multiplying program reads them, quantised in plain Java. */
  byte[] quantized(float[] x, int rows) {
    int size = PanelLayout.ROW_HEADER + packed.padded();
    MemorySegment bytes = MemorySegment.ofArray(new byte[rows * size]);
    float[] q = new float[inputs];
    float[] header = new float[2];
    for (int row = 0; row < rows; row++) {
      PlainRows.quantize(input, packed.top(), x, row * inputs, q, 0, header, 0);
      long at = (long) row * size;
      bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, header[0]);
      bytes.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + Float.BYTES, header[1]);
      for (int i = 0; i < inputs; i++) {
        int value = (int) q[i];
        assertEquals(q[i], (float) value, 1e-30f);
        assertEquals(Math.clamp(value, 0, packed.top()), value, "a quantised input");
        bytes.set(ValueLayout.JAVA_BYTE, at + PanelLayout.ROW_HEADER + i, (byte) value);
      }
    }
    return (byte[]) bytes.heapBase().orElseThrow();
  }

  /** Returns {@code [rows][outputs]} from plain Java. */
  float[] plain(float[] x, int rows) {
    float[] y = new float[rows * outputs];
    PlainRows.apply(packed, x, 0, rows, 0, outputs, y, 0, new Scratch());
    return y;
  }
}
