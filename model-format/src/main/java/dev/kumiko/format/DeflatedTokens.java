package dev.kumiko.format;

import dev.kumiko.format.ModelFormatException.Reason;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A vocabulary as it lies in a file: a zlib stream (RFC 1950) of all tokens in UTF-8, each ended by
 * a byte that UTF-8 never has.
 */
final class DeflatedTokens {
  private static final byte END = (byte) 0xFF;

  /** A stream may inflate to a thousand times its size: what is believed must have an end. */
  private static final int MOST_BYTES = 100_000_000;

  private static final int CHUNK = 1 << 16;

  private final byte[] bytes;
  private final int[] offsets;

  /**
   * Keeps the arrays.
   *
   * @param bytes of all tokens, one after another, without the ends
   * @param offsets {@code [tokens + 1]}: where each token begins, and where the last one ends
   */
  DeflatedTokens(byte[] bytes, int[] offsets) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  /** Returns the bytes of all tokens, one after another. */
  byte[] bytes() {
    return bytes;
  }

  /** Returns where each token begins, and where the last one ends, {@code [tokens + 1]}. */
  int[] offsets() {
    return offsets;
  }

  /** Returns the stream. */
  byte[] deflate() {
    byte[] plain = new byte[Math.addExact(bytes.length, offsets.length - 1)];
    int to = 0;
    for (int id = 0; id < offsets.length - 1; id++) {
      int length = offsets[id + 1] - offsets[id];
      System.arraycopy(bytes, offsets[id], plain, to, length);
      to += length;
      plain[to++] = END;
    }
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
      deflater.setInput(plain);
      deflater.finish();
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      byte[] chunk = new byte[CHUNK];
      while (!deflater.finished()) {
        stream.write(chunk, 0, deflater.deflate(chunk));
      }
      return stream.toByteArray();
    }
  }

  /**
   * Reads a stream.
   *
   * @param source name of the file, for messages
   * @param tensor name of the tensor, for messages
   * @throws ModelFormatException if the stream is damaged, ends early, goes on after its end, is
   *     longer than 100 MB when inflated, or does not end with a token's end
   */
  static DeflatedTokens inflate(String source, String tensor, byte[] stream)
      throws ModelFormatException {
    String problem;
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(stream);
      byte[] plain = inflate(inflater);
      if (plain.length > MOST_BYTES) {
        problem = "inflates to more than " + MOST_BYTES + " bytes";
      } else if (!inflater.finished()) {
        problem = "is cut off after " + stream.length + " bytes, or needs a dictionary";
      } else if (inflater.getRemaining() > 0) {
        problem =
            "has %d bytes, but its zlib stream ends after %d"
                .formatted(stream.length, inflater.getBytesRead());
      } else if (plain.length > 0 && plain[plain.length - 1] != END) {
        problem = "does not end with the byte 0xFF that ends a token";
      } else {
        return split(plain);
      }
    } catch (DataFormatException e) {
      problem = "is no zlib stream" + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }
    throw new ModelFormatException(
        Reason.VALUE_OUT_OF_RANGE, source + ": " + tensor + ": vocabulary " + problem, -1, tensor);
  }

  /** Inflates until the stream ends, says no more, or has said too much. */
  private static byte[] inflate(Inflater inflater) throws DataFormatException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    int count = inflater.inflate(chunk);
    while (count > 0 && plain.size() <= MOST_BYTES) {
      plain.write(chunk, 0, count);
      count = inflater.inflate(chunk);
    }
    return plain.toByteArray();
  }

  private static DeflatedTokens split(byte[] plain) {
    int tokens = 0;
    for (byte b : plain) {
      if (b == END) {
        tokens++;
      }
    }
    int[] offsets = new int[tokens + 1];
    byte[] bytes = new byte[plain.length - tokens];
    int token = 0;
    int to = 0;
    for (byte b : plain) {
      if (b == END) {
        offsets[++token] = to;
      } else {
        bytes[to++] = b;
      }
    }
    return new DeflatedTokens(bytes, offsets);
  }
}
