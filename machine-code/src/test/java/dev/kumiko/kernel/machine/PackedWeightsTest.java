package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.kernel.Int8Input;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which groups weights allow, and that they come back as they were. */
class PackedWeightsTest {
  /** A lane adds every first and second of four inputs: low ones are 8 of these, high ones too. */
  @ParameterizedTest
  @CsvSource({
    "258, 0, 16, 127",
    "258, -258, 16, 127",
    "129, 129, 16, 127",
    "260, 0, 16, 126",
    "0, -262, 16, 125",
    "131, 131, 16, 125",
    "131, 132, 8, 127",
    "-131, -132, 8, 127",
    "258, 258, 8, 127",
    "262, 262, 8, 125",
    "263, 0, 4, 127",
    "0, -263, 4, 127"
  })
  void oneMoreThanTheBoundTakesASmallerGroup(int low, int high, int group, int top) {
    byte[] weight = new byte[32];
    for (int i = 0; i < 8; i++) {
      int place = i / 2 * 4 + i % 2;
      weight[place] = share(low, i);
      weight[16 + place] = share(high, i);
    }
    // Another lane has nothing to do with it.
    Arrays.fill(weight, 2, 4, (byte) 100);
    assertEquals(
        Optional.of(new GroupSums.Plan(group, top)), GroupSums.plan(Level.AVX2, weight, 1, 32));
  }

  private static byte share(int sum, int place) {
    return (byte) (sum / 8 + (place < Math.abs(sum % 8) ? Integer.signum(sum) : 0));
  }

  @Test
  void theLargestWeightsTakeGroupsOfTwo() {
    for (byte value : new byte[] {-128, 127}) {
      byte[] weight = new byte[64];
      Arrays.fill(weight, value);
      assertEquals(
          Optional.of(new GroupSums.Plan(2, 127)), GroupSums.plan(Level.AVX2, weight, 1, 64));
    }
  }

  @Test
  void sumsThatFloatsDoNotHoldAreLeftToTheLevelBelow() {
    byte[] weight = new byte[1200];
    Arrays.fill(weight, (byte) 127);
    assertEquals(Optional.empty(), GroupSums.plan(Level.AVX2, weight, 1, 1200));
    int most = (1 << 24) / (127 * 127);
    assertEquals(2, GroupSums.plan(Level.AVX2, weight, 1, most).orElseThrow().group());
    assertEquals(Optional.empty(), GroupSums.plan(Level.AVX2, weight, 1, most + 1));
  }

  @ParameterizedTest
  @EnumSource
  void weightsComeBack(Level level) {
    try (Arena arena = Arena.ofConfined()) {
      Layer layer = Layer.random(level, 130, 67, 16, 1, arena);
      assertArrayEquals(layer.weight, layer.packed.unpacked());
      float[] memory = new float[130];
      for (int input = 0; input < 67; input++) {
        layer.packed.rows().row(input, 64, 130, memory);
        for (int out = 64; out < 130; out++) {
          assertEquals(layer.weight[out * 67 + input], memory[out]);
        }
      }
      for (int out = 0; out < 130; out++) {
        assertEquals(layer.scales[out], layer.packed.scales()[out]);
        assertEquals(layer.bias[out], layer.packed.bias()[out]);
      }
      assertEquals(0, layer.packed.panelOf(0).address() % PanelLayout.LINE);
      assertEquals(0, layer.packed.panelOf(129).address() % PanelLayout.LINE);
    }
  }

  @Test
  void arraysThatAreTooShortAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      Int8Input input = new Int8Input(32, 80, new float[64]);
      float[] two = new float[2];
      byte[] weight = new byte[127];
      IllegalArgumentException error =
          assertThrows(
              IllegalArgumentException.class,
              () -> PackedWeights.pack(Level.AVX2, weight, two, two, 2, input, arena));
      assertEquals("127 weights are too few for a layer that has 128", error.getMessage());
      byte[] enough = new byte[128];
      float[] one = new float[1];
      assertThrows(
          IllegalArgumentException.class,
          () -> PackedWeights.pack(Level.AVX2, enough, one, two, 2, input, arena));
      assertThrows(
          IllegalArgumentException.class,
          () -> PackedWeights.pack(Level.AVX2, enough, two, one, 2, input, arena));
    }
  }
}
