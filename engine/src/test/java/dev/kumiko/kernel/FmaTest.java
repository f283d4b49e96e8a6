package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is put together from double precision has the bits of the one rounding. */
class FmaTest {
  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    Math.nextUp(1f),
    Math.nextDown(1f),
    3f,
    0x1.000002p0f,
    0x1.fffffep-1f,
    0x1p-24f,
    0x1p-25f,
    0x1.8p-24f,
    0x1p-75f,
    0x1p-126f,
    -0x1.8p-126f,
    Float.MIN_VALUE,
    3 * Float.MIN_VALUE,
    -5 * Float.MIN_VALUE,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    0x1.8p23f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  private static void check(float a, float b, float c) {
    int expected = Float.floatToIntBits(Math.fma(a, b, c));
    int actual = Float.floatToIntBits(Fma.emulated(a, b, c));
    assertEquals(expected, actual, () -> "%a * %a + %a".formatted(a, b, c));
  }

  @Test
  void ofAllThatIsSpecial() {
    for (float a : SPECIAL) {
      for (float b : SPECIAL) {
        for (float c : SPECIAL) {
          check(a, b, c);
        }
      }
    }
  }

  @Test
  void ofAnyBits() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000_000; i++) {
      check(bits(random), bits(random), bits(random));
    }
  }

  private static float bits(Random random) {
    return Float.intBitsToFloat(random.nextInt());
  }

  /** Sums whose double is a tie of floats, and is one only because of what the double lost. */
  @Test
  void nearTies() {
    Random random = new Random(2);
    for (int i = 0; i < 2_000_000; i++) {
      float c = Math.scalb(1 + random.nextInt(1 << 23) * 0x1p-23f, random.nextInt(280) - 149);
      int down = 23 + random.nextInt(3);
      float a = Math.scalb(random.nextBoolean() ? 1f : Math.nextUp(1f), -down);
      float b = Math.scalb(random.nextBoolean() ? 1f : Math.nextDown(1f), Math.getExponent(c));
      check(a, random.nextBoolean() ? b : -b, random.nextBoolean() ? c : -c);
    }
  }

  /** Half way between two subnormal numbers, and a little more: rounded twice it would be even. */
  @Test
  void betweenSubnormalNumbers() {
    for (int i = 0; i < 16; i++) {
      float c = i * Float.MIN_VALUE;
      check(0x1.000002p-75f, 0x1p-75f, c);
      check(0x1.fffffep-76f, 0x1p-75f, c);
      check(-0x1.000002p-75f, 0x1p-75f, c);
    }
  }

  @Test
  void ofNumbersLikeThoseOfLayers() {
    Random random = new Random(3);
    for (int i = 0; i < 500_000; i++) {
      float a = (float) random.nextGaussian();
      float b = (float) random.nextGaussian();
      float c = (float) random.nextGaussian();
      float exact = new BigDecimal((double) a * b).add(new BigDecimal(c)).floatValue();
      assertEquals(exact, Fma.emulated(a, b, c));
      assertEquals(exact, Fma.fma(a, b, c));
    }
  }
}
