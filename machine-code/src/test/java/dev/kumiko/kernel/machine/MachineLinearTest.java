package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.kernel.Int8Input;
import dev.kumiko.kernel.ScalarKernels;
import dev.kumiko.kernel.Scratch;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole layers on this processor; levels that it lacks are skipped, visibly. */
class MachineLinearTest {
  private static final int MARGIN = 5;

  @ParameterizedTest
  @EnumSource
  void everySizeGivesTheBitsOfPlainJava(Level level) {
    MachineCode code = Machine.code(level);
    for (int group : level.groups()) {
      int most = Layer.most(level, group);
      for (int outputs : new int[] {1, 15, 16, 17, 63, 64, 65, 130}) {
        for (int inputs : new int[] {1, 3, 31, 32, 33, 64, 67}) {
          for (int rows : new int[] {0, 1, 2, 3, 4, 5, 7, 13}) {
            check(code, level, rows, outputs, inputs, most);
          }
        }
      }
      check(code, level, 200, 384, 384, most);
      check(code, level, 197, 17, 1536, most / 2);
      check(code, level, 9, 33, 4096, most / 4);
    }
  }

  private static void check(
      MachineCode code, Level level, int rows, int outputs, int inputs, int most) {
    try (Arena arena = Arena.ofConfined()) {
      Layer layer = Layer.random(level, outputs, inputs, most, rows, arena);
      MachineLinear linear = new MachineLinear(code, layer.packed, new ScalarKernels());
      float[] values = Layer.normal(new Random(inputs), rows * inputs);
      float[] x = new float[values.length + 2 * MARGIN];
      Arrays.fill(x, Float.NaN);
      System.arraycopy(values, 0, x, MARGIN, values.length);
      float[] y = new float[rows * outputs + 2 * MARGIN];
      Arrays.fill(y, Float.NaN);
      Scratch scratch = new Scratch();
      // In two calls, as threads that share a layer would make them.
      int half = outputs / 2 / level.columns() * level.columns();
      linear.apply(x, MARGIN, rows, half, outputs, y, MARGIN, scratch);
      linear.apply(x, MARGIN, rows, 0, half, y, MARGIN, scratch);
      float[] expected = new float[y.length];
      Arrays.fill(expected, Float.NaN);
      System.arraycopy(layer.plain(values, rows), 0, expected, MARGIN, rows * outputs);
      assertArrayEquals(
          expected, y, "%d rows, %d to %d, up to %d".formatted(rows, inputs, outputs, most));
    }
  }

  /** Against sums of 64 bits: every scale is one, so that integers come out. */
  @ParameterizedTest
  @EnumSource
  void integersAreExactAtTheExtremes(Level level) {
    MachineCode code = Machine.code(level);
    for (int group : level.groups()) {
      for (int inputs : new int[] {4 * group, 14 * group + 6, 64 * group}) {
        // A pair alone cannot reach the bound from both sides.
        for (int kind = 0; kind < (group == 2 ? 2 : 3); kind++) {
          byte[] weight = extremes(level, group, inputs, kind);
          sums(code, level, group, inputs, weight);
        }
      }
    }
  }

  /** Lanes of 16 bits whose weights of one sign add up to the bound exactly. */
  private static byte[] extremes(Level level, int group, int inputs, int kind) {
    byte[] weight = new byte[5 * inputs];
    int bound = level.isBounded() ? Short.MAX_VALUE / level.top() : Integer.MAX_VALUE;
    int sharing = kind == 2 ? group / 2 : group;
    for (int i = 0; i < weight.length; i++) {
      int input = i % inputs;
      int place = (input / 4 * 2 + input % 2) % group;
      int rest = place % sharing < bound % sharing ? 1 : 0;
      int size = Math.min(Byte.MAX_VALUE, bound / sharing + rest);
      int sign = kind == 2 ? (place < sharing ? 1 : -1) : kind == 1 ? -1 : 1;
      weight[i] = (byte) (sign * size);
    }
    return weight;
  }

  private static void sums(MachineCode code, Level level, int group, int inputs, byte[] weight) {
    try (Arena arena = Arena.ofConfined()) {
      float[] ones = new float[Math.max(5, inputs)];
      Arrays.fill(ones, 1f);
      Int8Input input = new Int8Input(32, 80, Arrays.copyOf(ones, inputs));
      PackedWeights packed =
          PackedWeights.pack(level, weight, ones, new float[5], 5, input, arena).orElseThrow();
      assertEquals(group, packed.group());
      MachineLinear linear = new MachineLinear(code, packed, new ScalarKernels());
      Random random = new Random(inputs);
      float[] x = new float[3 * inputs];
      for (int i = 0; i < x.length; i++) {
        int row = i / inputs;
        x[i] = row == 2 ? random.nextInt(packed.top() + 1) : packed.top();
        // The scale is one if the greatest value is top.
        x[i] = i % inputs == inputs - 1 ? packed.top() : x[i];
      }
      float[] y = new float[15];
      linear.apply(x, 0, 3, y, 0, new Scratch());
      for (int i = 0; i < y.length; i++) {
        long sum = 0;
        for (int k = 0; k < inputs; k++) {
          long value = (long) x[i / 5 * inputs + k];
          sum += value * weight[i % 5 * inputs + k];
        }
        assertEquals(sum, (long) y[i], "groups of %d, %d inputs".formatted(group, inputs));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoNumberStaysSoInItsRow(Level level) {
    MachineCode code = Machine.code(level);
    try (Arena arena = Arena.ofConfined()) {
      Layer layer = Layer.random(level, 65, 67, 16, 1, arena);
      MachineLinear linear = new MachineLinear(code, layer.packed, new ScalarKernels());
      float[] x = Layer.normal(new Random(1), 3 * 67);
      float[] before = layer.plain(x, 3);
      for (int at : new int[] {67, 90, 133}) {
        for (float value :
            new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
          float[] damaged = x.clone();
          damaged[at] = value;
          float[] y = new float[3 * 65];
          linear.apply(damaged, 0, 3, y, 0, new Scratch());
          float[] plain = layer.plain(damaged, 3);
          for (int i = 0; i < y.length; i++) {
            if (i / 65 == 1) {
              assertFalse(Float.isFinite(y[i]), "element " + i + " is " + y[i]);
              assertFalse(Float.isFinite(plain[i]), "element " + i + " is " + plain[i]);
            } else {
              assertEquals(before[i], y[i]);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsOfZerosAndOfTheLargestFloats(Level level) {
    MachineCode code = Machine.code(level);
    try (Arena arena = Arena.ofConfined()) {
      Layer layer = Layer.random(level, 17, 64, 16, 2, arena);
      MachineLinear linear = new MachineLinear(code, layer.packed, new ScalarKernels());
      for (float value : new float[] {0f, -0f, 1e-40f, 1e38f, -1e38f}) {
        float[] x = new float[64];
        Arrays.fill(x, value);
        float[] y = new float[17];
        linear.apply(x, 0, 1, y, 0, new Scratch());
        assertArrayEquals(layer.plain(x, 1), y, "rows of " + value);
        for (int i = 0; i < 17; i++) {
          assertFalse(Float.isNaN(y[i]), "rows of " + value);
          if (Math.abs(value) < 1) {
            assertEquals(layer.bias[i], y[i], 1e-30f);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatLiesOutsideIsRefusedBeforeTheCall(Level level) {
    MachineCode code = Machine.code(level);
    Arena arena = Arena.ofShared();
    Layer layer = Layer.random(level, 130, 64, 16, 3, arena);
    MachineLinear linear = new MachineLinear(code, layer.packed, new ScalarKernels());
    float[] x = new float[3 * 64];
    float[] y = new float[3 * 130];
    Scratch s = new Scratch();
    linear.apply(x, 0, 3, y, 0, s);
    refused(() -> linear.apply(x, 1, 3, y, 0, s));
    refused(() -> linear.apply(x, -1, 3, y, 0, s));
    refused(() -> linear.apply(x, 0, 4, y, 0, s));
    refused(() -> linear.apply(x, 0, 3, y, 1, s));
    refused(() -> linear.apply(x, 0, -1, y, 0, s));
    refused(() -> linear.apply(x, 0, Integer.MAX_VALUE, y, 0, s));
    refused(() -> linear.apply(x, 0, (1 << 26) + 3, y, 0, s));
    refused(() -> linear.apply(x, 0, 3, 1, 130, y, 0, s));
    refused(() -> linear.apply(x, 0, 3, 0, 131, y, 0, s));
    refused(() -> linear.apply(x, 0, 3, 64, 0, y, 0, s));
    refused(() -> linear.apply(x, 0, 3, -64, 130, y, 0, s));
    arena.close();
    assertThrows(IllegalStateException.class, () -> linear.apply(x, 0, 3, y, 0, s));
  }

  private static void refused(org.junit.jupiter.api.function.Executable call) {
    assertThrows(IndexOutOfBoundsException.class, call);
  }
}
