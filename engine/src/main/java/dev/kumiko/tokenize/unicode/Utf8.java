package dev.kumiko.tokenize.unicode;

/** Spells code points as UTF-8, and checks it (RFC 3629, section 4). */
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

  /** Whether a byte begins a character that is two chars of a string. */
  public static boolean beginsPair(byte utf8) {
    return (utf8 & 0xF8) == 0xF0;
  }

  /**
   * Returns where {@code bytes[from, to)} is no longer UTF-8: the first byte of what is no
   * character, or {@code to}.
   */
  public static int firstMalformed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int lead = bytes[at] & 0xFF;
      if (lead < 0x80) {
        at++;
        continue;
      }
      int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      if (lead < 0xC2 || lead > 0xF4 || length > to - at) {
        return at;
      }
      // What is too long for its character, a surrogate or beyond the last one shows here.
      int second = bytes[at + 1] & 0xFF;
      int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
      int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
      if (second < lowest || second > highest) {
        return at;
      }
      for (int i = 2; i < length; i++) {
        if (!isContinuation(bytes[at + i])) {
          return at;
        }
      }
      at += length;
    }
    return to;
  }

  private static byte sixBits(int bits) {
    return (byte) (0x80 | (bits & 0x3F));
  }
}
