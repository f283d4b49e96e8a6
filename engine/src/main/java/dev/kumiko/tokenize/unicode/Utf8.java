package dev.kumiko.tokenize.unicode;

/** Spells code points as UTF-8. */
public final class Utf8 {
  /** Most bytes of a code point. */
  public static final int LONGEST = 4;

  private Utf8() {}

  /** Writes a code point to {@code bytes[at ...]} and returns where the next one goes. */
  public static int put(int codePoint, byte[] bytes, int at) {
    int end = at;
    if (codePoint < 0x80) {
      bytes[end++] = (byte) codePoint;
      return end;
    }
    if (codePoint < 0x800) {
      bytes[end++] = (byte) (0xC0 | (codePoint >> 6));
    } else {
      if (codePoint < 0x10000) {
        bytes[end++] = (byte) (0xE0 | (codePoint >> 12));
      } else {
        bytes[end++] = (byte) (0xF0 | (codePoint >> 18));
        bytes[end++] = sixBits(codePoint >> 12);
      }
      bytes[end++] = sixBits(codePoint >> 6);
    }
    bytes[end++] = sixBits(codePoint);
    return end;
  }

  /** Whether a byte continues a character rather than beginning one. */
  public static boolean isContinuation(byte utf8) {
    return (utf8 & 0xC0) == 0x80;
  }

  private static byte sixBits(int bits) {
    return (byte) (0x80 | (bits & 0x3F));
  }
}
