package dev.kumiko.tools.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages inputs: bytes, numbers, pieces of text, blocks, and mixtures of two inputs. */
final class Mutator {
  /** Most inputs say at their beginning what the rest is. */
  private static final int BEGINNING = 2048;

  private static final int LONGEST_BLOCK = 256;
  private static final int LONGEST_INPUT = 1 << 20;

  private static final List<byte[]> PIECES =
      pieces(
          "0 1 -1 2 3 255 256 32767 65536 2147483647 -2147483648 2147483648 4294967295",
          "9223372036854775807 -9223372036854775808 18446744073709551616 1e9 1e999 -0 0.5 1e-9 NaN",
          "Infinity null true false [] {} \"\" \"a\" , : [ ] { } \" \\ \\u0000 \\ud800 \\\" #",
          "\u00e9 \u4e2d \ud83d\ude00 \u0301 \u2581 \u0120 [CLS] [UNK] ## .* ( ) [^ \\p{L} + {2,} |",
          "--threads --prompt --format --max-tokens -- - --help --debug");

  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    7,
    127,
    128,
    255,
    256,
    32767,
    65535,
    1 << 20,
    100_000_000,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  private static List<byte[]> pieces(String... lines) {
    return Arrays.stream(String.join(" ", lines).split(" ", -1))
        .map(piece -> piece.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  /** Returns an input with one to six changes, some of them from another input. */
  byte[] changed(byte[] input, byte[] other) {
    byte[] bytes = input;
    for (int changes = 1 + random.nextInt(random.nextInt(6) + 1); changes > 0; changes--) {
      bytes = change(bytes, other);
    }
    return bytes.length > LONGEST_INPUT ? Arrays.copyOf(bytes, LONGEST_INPUT) : bytes;
  }

  private byte[] change(byte[] bytes, byte[] other) {
    int at = place(bytes);
    return switch (random.nextInt(11)) {
      case 0 -> bit(bytes, at);
      case 1 -> byteOfAny(bytes, at);
      case 2 -> binaryNumber(bytes, at);
      case 3, 4 -> decimalNumber(bytes, at);
      case 5 -> replaced(bytes, at, at, piece());
      case 6 -> replaced(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(4)), piece());
      case 7 -> replaced(bytes, at, end(bytes, at), new byte[0]);
      case 8 -> replaced(bytes, at, at, block(bytes));
      case 9 -> replaced(bytes, at, end(bytes, at), block(other));
      default -> random.nextInt(8) == 0 ? Arrays.copyOf(bytes, at) : repeated(bytes, at);
    };
  }

  private int place(byte[] bytes) {
    int within = random.nextBoolean() ? bytes.length : Math.min(bytes.length, BEGINNING);
    return random.nextInt(within + 1);
  }

  private int end(byte[] bytes, int from) {
    return Math.min(bytes.length, from + 1 + random.nextInt(LONGEST_BLOCK));
  }

  private byte[] piece() {
    return PIECES.get(random.nextInt(PIECES.size()));
  }

  private byte[] block(byte[] bytes) {
    int from = place(bytes);
    return Arrays.copyOfRange(bytes, from, end(bytes, from));
  }

  private byte[] repeated(byte[] bytes, int at) {
    byte[] block = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 1 + at % 8));
    int times = 1 << random.nextInt(10);
    byte[] blocks = new byte[block.length * times];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = block[i % block.length];
    }
    return replaced(bytes, at, at, blocks);
  }

  private byte[] bit(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    if (at < bytes.length) {
      changed[at] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  private byte[] byteOfAny(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    if (at < bytes.length) {
      changed[at] = (byte) random.nextInt(256);
    }
    return changed;
  }

  private byte[] binaryNumber(byte[] bytes, int at) {
    int width = 1 << random.nextInt(4);
    byte[] number = new byte[Long.BYTES];
    ByteBuffer.wrap(number)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(NUMBERS[random.nextInt(NUMBERS.length)] + random.nextInt(3) - 1);
    return replaced(bytes, at, Math.min(bytes.length, at + width), Arrays.copyOf(number, width));
  }

  /** Replaces the next number that is written in digits. */
  private byte[] decimalNumber(byte[] bytes, int at) {
    int from = at;
    while (from < bytes.length && !isDigit(bytes[from])) {
      from++;
    }
    int to = from;
    while (to < bytes.length && isDigit(bytes[to])) {
      to++;
    }
    long number = NUMBERS[random.nextInt(NUMBERS.length)] + random.nextInt(3) - 1;
    return replaced(bytes, from, to, Long.toString(number).getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] piece) {
    byte[] changed = new byte[bytes.length - (to - from) + piece.length];
    System.arraycopy(bytes, 0, changed, 0, from);
    System.arraycopy(piece, 0, changed, from, piece.length);
    System.arraycopy(bytes, to, changed, from + piece.length, bytes.length - to);
    return changed;
  }
}
