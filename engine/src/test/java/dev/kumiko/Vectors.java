package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/** Comparisons of embeddings. */
final class Vectors {
  /** What neighbours, threads and the kind of file may change at most. */
  private static final float TOLERANCE = 1e-6f;

  private Vectors() {}

  static void assertSame(Embedding expected, Embedding actual, String what) {
    assertArrayEquals(expected.vector(), actual.vector(), TOLERANCE, what);
    assertEquals(expected.tokens(), actual.tokens(), what);
    assertEquals(expected.truncated(), actual.truncated(), what);
  }

  static void assertSame(List<Embedding> expected, List<Embedding> actual, String what) {
    assertEquals(expected.size(), actual.size(), what);
    for (int i = 0; i < expected.size(); i++) {
      assertSame(expected.get(i), actual.get(i), what + ", text " + i);
    }
  }

  static double length(float[] vector) {
    double squares = 0;
    for (float v : vector) {
      squares += (double) v * v;
    }
    return Math.sqrt(squares);
  }
}
