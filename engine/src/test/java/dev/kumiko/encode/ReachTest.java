package dev.kumiko.encode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.Position;
import dev.kumiko.kernel.Distances;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tables by position are computed as far as texts reach, and no further. */
class ReachTest {
  private static final double THETA = 10_000;
  private static final int HEADS = 2;
  private static final int HEAD_SIZE = 768;

  private static Architecture architecture(Optional<Layout.RelativeBias> bias) {
    Layout layout =
        new Layout(
            new Position.Rotary(THETA, THETA),
            bias,
            Optional.empty(),
            NormPlace.AFTER,
            false,
            true,
            true);
    int hidden = HEADS * HEAD_SIZE;
    int positions = Architecture.MAX_POSITIONS_WITHOUT_TABLE;
    return new Architecture(
        "test", 1, hidden, HEADS, 1, Activation.GELU, 1e-12, 1, positions, 1, layout);
  }

  /** Rows {@code [tokens][3 * HEADS * HEAD_SIZE]}. */
  private static float[] rows(int tokens) {
    float[] rows = new float[tokens * 3 * HEADS * HEAD_SIZE];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i % 17 - 8;
    }
    return rows;
  }

  @Test
  void rotationDoesNotDependOnTheTextsBefore() {
    Architecture a = architecture(Optional.empty());
    Rotary grown = new Rotary(a, THETA);
    for (int tokens : new int[] {1, 2, 63, 64, 65, 200, 3}) {
      float[] actual = rows(tokens);
      grown.apply(actual, 0, 0, tokens);
      float[] fresh = rows(tokens);
      new Rotary(a, THETA).apply(fresh, 0, 0, tokens);
      assertArrayEquals(fresh, actual, tokens + " tokens");
      assertRotated(rows(tokens), actual, tokens - 1);
    }
  }

  /** Compares the last token's first query with the formula, in double precision. */
  private static void assertRotated(float[] before, float[] after, int position) {
    int row = position * 3 * HEADS * HEAD_SIZE;
    int half = HEAD_SIZE / 2;
    for (int i = 0; i < half; i++) {
      double angle = position * Math.pow(THETA, -2.0 * i / HEAD_SIZE);
      double x = before[row + i];
      double y = before[row + half + i];
      // The angle is a float: at 200 radians its rounding is 8e-6, times values up to 8.
      assertEquals(x * Math.cos(angle) - y * Math.sin(angle), after[row + i], 2e-4);
      assertEquals(y * Math.cos(angle) + x * Math.sin(angle), after[row + half + i], 2e-4);
    }
  }

  @Test
  void nothingIsComputedForPositionsThatNoTextReaches() {
    Architecture a = architecture(Optional.empty());
    float[] qkv = rows(10);
    long before = allocatedBytes();
    new Rotary(a, THETA).apply(qkv, 0, 0, 10);
    assertTrue(allocatedBytes() - before < 1 << 20, "memory for ten positions of a million");
  }

  @Test
  void biasIsSpreadOverTheDistancesOfTheText() {
    Layout.RelativeBias buckets = new Layout.RelativeBias(32, 128);
    Architecture a = architecture(Optional.of(buckets));
    float[] table = Arrays.copyOf(rows(1), 32 * HEADS);
    long before = allocatedBytes();
    AttentionBias bias =
        new AttentionBias(
            a, (head, distance) -> table[buckets.bucket(distance) * HEADS + head], 1000, 1000);
    for (int tokens : new int[] {1, 2, 64, 65, 500, 3}) {
      Distances distances = bias.upTo(tokens);
      for (int head = 0; head < HEADS; head++) {
        for (int d = 1 - tokens; d < tokens; d++) {
          assertEquals(
              table[buckets.bucket(d) * HEADS + head],
              distances.bias(head)[distances.middle() + d],
              "head " + head + ", distance " + d);
        }
      }
    }
    assertTrue(allocatedBytes() - before < 1 << 20, "memory for 500 positions of a million");
  }

  @Test
  void growsByDoublingUpToTheModel() {
    assertEquals(64, Reach.grown(0, 1, 512));
    assertEquals(1, Reach.grown(0, 1, 1));
    assertEquals(128, Reach.grown(64, 65, 512));
    assertEquals(300, Reach.grown(64, 300, 512));
    assertEquals(512, Reach.grown(300, 301, 512));
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}
