package dev.kumiko.train.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeededRandomTest {
  @Test
  void equalsTheGeneratorOfTheJdk() {
    for (long seed : new long[] {0, 1, 42, -1, Long.MIN_VALUE}) {
      SplittableRandom expected = new SplittableRandom(seed);
      SeededRandom random = new SeededRandom(seed);
      for (int i = 0; i < 1000; i++) {
        assertEquals(expected.nextLong(), random.nextLong());
      }
    }
  }

  @Test
  void continuesFromItsState() {
    SeededRandom random = new SeededRandom(7);
    random.nextGaussian();
    random.nextInt(10);
    SeededRandom continued = new SeededRandom(random.state());
    for (int i = 0; i < 100; i++) {
      assertEquals(random.nextGaussian(), continued.nextGaussian());
      assertEquals(random.nextInt(1000), continued.nextInt(1000));
    }
  }

  /** Counts of 100,000 draws: each within five standard deviations of its expectation. */
  @Test
  void boundedNumbersAreEquallyLikely() {
    SeededRandom random = new SeededRandom(1);
    int bound = 7;
    int draws = 100_000;
    int[] counts = new int[bound];
    for (int i = 0; i < draws; i++) {
      counts[random.nextInt(bound)]++;
    }
    double expected = draws / (double) bound;
    for (int count : counts) {
      assertEquals(expected, count, 5 * Math.sqrt(expected));
    }
    assertEquals(0, random.nextInt(1));
    assertTrue(random.nextInt(Integer.MAX_VALUE) >= 0);
    assertThrows(IllegalArgumentException.class, () -> random.nextInt(0));
  }

  @Test
  void gaussiansHaveTheirMoments() {
    SeededRandom random = new SeededRandom(3);
    int draws = 100_000;
    double[] x = IntStream.range(0, draws).mapToDouble(i -> random.nextGaussian()).toArray();
    assertEquals(0, Arrays.stream(x).average().orElseThrow(), 5 / Math.sqrt(draws));
    // Variance of x^2 is 2, of x^4 it is 96.
    assertEquals(
        1, Arrays.stream(x).map(v -> v * v).average().orElseThrow(), 5 * Math.sqrt(2.0 / draws));
    assertEquals(
        3,
        Arrays.stream(x).map(v -> v * v * v * v).average().orElseThrow(),
        5 * Math.sqrt(96.0 / draws));
  }

  @Test
  void streamsDifferAndAreTheSameAgain() {
    SeededRandom random = new SeededRandom(5);
    assertEquals(random.stream(1).nextLong(), random.stream(1).nextLong());
    assertNotEquals(random.stream(0).nextLong(), random.stream(1).nextLong());
    assertNotEquals(random.stream(0).nextLong(), new SeededRandom(6).stream(0).nextLong());
    assertEquals(5, random.state());
  }

  @Test
  void aShuffleKeepsAllNumbersAndLeavesTheRest() {
    int[] numbers = IntStream.range(0, 100).toArray();
    new SeededRandom(9).shuffle(numbers, 90);
    int[] sorted = numbers.clone();
    Arrays.sort(sorted);
    assertArrayEquals(IntStream.range(0, 100).toArray(), sorted);
    assertArrayEquals(IntStream.range(90, 100).toArray(), Arrays.copyOfRange(numbers, 90, 100));
    assertNotEquals(-1, Arrays.mismatch(numbers, IntStream.range(0, 100).toArray()));
  }
}
