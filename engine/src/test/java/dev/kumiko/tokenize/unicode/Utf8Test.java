package dev.kumiko.tokenize.unicode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
  /** Where the rules of UTF-8 change, and a little beside. */
  private static final int[] EDGES = {
    0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
    0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
  };

  @Test
  void findsWhatIsMalformedWhereTheDecoderOfTheJdkDoes() {
    for (int first : EDGES) {
      for (int second : EDGES) {
        assertAsJdk(first, second);
        for (int third : EDGES) {
          assertAsJdk(first, second, third);
          for (int fourth : EDGES) {
            assertAsJdk(first, second, third, fourth);
            assertAsJdk('a', first, second, third, fourth, 'z');
          }
        }
      }
    }
  }

  @Test
  void everyCodePointIsWellFormed() {
    byte[] bytes = new byte[Utf8.LONGEST];
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      int length = Utf8.put(codePoint, bytes, 0);
      boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= 0xDFFF;
      assertEquals(surrogate ? 0 : length, Utf8.firstMalformed(bytes, 0, length));
    }
  }

  @Test
  void looksAtItsPartAlone() {
    Random random = new Random(7);
    byte[] bytes = new byte[12];
    for (int i = 0; i < 20_000; i++) {
      random.nextBytes(bytes);
      int from = random.nextInt(bytes.length);
      int to = random.nextInt(from, bytes.length + 1);
      byte[] part = Arrays.copyOfRange(bytes, from, to);
      assertEquals(
          from + Utf8.firstMalformed(part, 0, part.length), Utf8.firstMalformed(bytes, from, to));
    }
  }

  private static void assertAsJdk(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    boolean malformed = decoder.decode(in, CharBuffer.allocate(8), true).isError();
    assertEquals(
        malformed ? in.position() : bytes.length,
        Utf8.firstMalformed(bytes, 0, bytes.length),
        () -> HexFormat.of().formatHex(bytes));
  }
}
