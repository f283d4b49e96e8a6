package dev.kumiko.format;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
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
  private static final long MOST_BYTES = 100_000_000;

  /** No file is refused for a vocabulary of so many bytes. */
  private static final long ALWAYS_BELIEVED = 4 << 20;

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
   * Reads a stream. Memory grows with what it has inflated to so far, which has a bound.
   *
   * @param file where the stream is from: it inflates to no more than the file's size and 4 MiB
   * @param tensor name of the tensor, for messages
   * @param rows of the token table: the most tokens there can be
   * @throws ModelFormatException if the stream is damaged, ends early, goes on after its end, is
   *     too long when inflated, does not end with a token's end, or has too many tokens
   */
  static DeflatedTokens inflate(ModelFile file, String tensor, byte[] stream, int rows)
      throws ModelFormatException {
    long most = Math.min(MOST_BYTES, ALWAYS_BELIEVED + file.size());
    String problem;
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(stream);
      byte[] plain = inflate(inflater, stream.length, (int) most);
      if (plain.length > most) {
        problem =
            "inflates from %d to more than %d bytes; a file of %d bytes has no such vocabulary"
                .formatted(stream.length, most, file.size());
      } else if (!inflater.finished()) {
        problem = "is cut off after " + stream.length + " bytes, or needs a dictionary";
      } else if (inflater.getRemaining() > 0) {
        problem =
            "has %d bytes, but its zlib stream ends after %d"
                .formatted(stream.length, inflater.getBytesRead());
      } else if (plain.length > 0 && plain[plain.length - 1] != END) {
        problem = "does not end with the byte 0xFF that ends a token";
      } else {
        byte[] bytes = new byte[plain.length];
        int[] offsets = takeEndsOut(plain, rows, bytes);
        if (offsets.length <= rows + 1L) {
          return new DeflatedTokens(Arrays.copyOf(bytes, offsets[offsets.length - 1]), offsets);
        }
        problem = "has %d tokens, but the token table %d rows".formatted(ends(plain), rows);
      }
    } catch (DataFormatException e) {
      problem = "is no zlib stream" + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }
    throw new ModelFormatException(
        Reason.VALUE_OUT_OF_RANGE,
        file.source() + ": " + tensor + ": vocabulary " + problem,
        -1,
        tensor);
  }

  /** Inflates until the stream ends, says no more, or has said more than {@code most} bytes. */
  private static byte[] inflate(Inflater inflater, int deflated, int most)
      throws DataFormatException {
    byte[] plain = new byte[Math.min(most + 1, Math.max(CHUNK, deflated))];
    int length = 0;
    int more = inflater.inflate(plain);
    while (more > 0) {
      length += more;
      if (length == plain.length && length <= most) {
        plain = Arrays.copyOf(plain, (int) Math.min(most + 1L, 2L * length));
      }
      more = length > most ? 0 : inflater.inflate(plain, length, plain.length - length);
    }
    return Arrays.copyOf(plain, length);
  }

  /**
   * Copies the tokens without their ends.
   *
   * @return where they begin, and where the last one ends; of one token more than {@code rows} at
   *     most
   */
  private static int[] takeEndsOut(byte[] plain, int rows, byte[] bytes) {
    int[] offsets = new int[CHUNK];
    int tokens = 0;
    for (int from = 0; from < plain.length && tokens <= rows; tokens++) {
      if (tokens + 1 == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * offsets.length);
      }
      int length = copy(plain, from, bytes, offsets[tokens]);
      offsets[tokens + 1] = offsets[tokens] + length;
      from += length + 1;
    }
    return Arrays.copyOf(offsets, tokens + 1);
  }

  /**
   * Copies a token and returns its length; by itself, because the JIT compiles a method that is
   * called often sooner than a loop around it.
   */
  private static int copy(byte[] plain, int from, byte[] bytes, int to) {
    int length = 0;
    for (byte next = plain[from]; next != END; next = plain[from + length]) {
      bytes[to + length] = next;
      length++;
    }
    return length;
  }

  private static int ends(byte[] plain) {
    int ends = 0;
    for (byte each : plain) {
      ends += each == END ? 1 : 0;
    }
    return ends;
  }
}
