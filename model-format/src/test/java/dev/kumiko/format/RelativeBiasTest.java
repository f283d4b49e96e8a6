package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The buckets that Hugging Face transformers gives for these distances. */
class RelativeBiasTest {
  private static final int[] DISTANCES = {
    -511, -128, -127, -91, -64, -33, -32, -16, -12, -9, -8, -7, -1, 0, 1, 7, 8, 11, 12, 16, 23, 32,
    46, 64, 90, 91, 127, 128, 511
  };

  @Test
  void bucketsAreTheReferences() {
    int[] mpnet = {
      15, 15, 15, 15, 14, 12, 12, 10, 9, 8, 8, 7, 1, 0, 17, 23, 24, 24, 25, 26, 27, 28, 29, 30, 30,
      31, 31, 31, 31
    };
    int[] fewer = {
      9, 9, 9, 9, 9, 8, 8, 6, 6, 5, 5, 5, 1, 0, 11, 15, 15, 16, 16, 16, 17, 18, 18, 19, 19, 19, 19,
      19, 19
    };
    assertArrayEquals(mpnet, buckets(new Layout.RelativeBias(32, 128)));
    assertArrayEquals(fewer, buckets(new Layout.RelativeBias(20, 100)));
  }

  private static int[] buckets(Layout.RelativeBias bias) {
    return Arrays.stream(DISTANCES).map(bias::bucket).toArray();
  }
}
