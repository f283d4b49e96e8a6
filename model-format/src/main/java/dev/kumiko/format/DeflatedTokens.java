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
   * Reads a stream, in two passes: nothing is allocated before all of it has been looked at.
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
    Counts counts = new Counts();
    String problem;
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(stream);
      inflate(inflater, most, counts);
      if (counts.bytes > most) {
        problem =
            "inflates from %d to more than %d bytes; a file of %d bytes has no such vocabulary"
                .formatted(stream.length, most, file.size());
      } else if (!inflater.finished()) {
        problem = "is cut off after " + stream.length + " bytes, or needs a dictionary";
      } else if (inflater.getRemaining() > 0) {
        problem =
            "has %d bytes, but its zlib stream ends after %d"
                .formatted(stream.length, inflater.getBytesRead());
      } else if (counts.bytes > 0 && counts.last != END) {
        problem = "does not end with the byte 0xFF that ends a token";
      } else if (counts.tokens > rows) {
        problem = "has %d tokens, but the token table %d rows".formatted(counts.tokens, rows);
      } else {
        inflater.reset();
        inflater.setInput(stream);
        Split split = new Split(counts);
        inflate(inflater, most, split);
        return new DeflatedTokens(split.bytes, split.offsets);
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

  /** Takes the inflated bytes, one piece after another. */
  private interface Sink {
    void take(byte[] piece, int length);
  }

  /** Inflates until the stream ends, says no more, or has said too much. */
  private static void inflate(Inflater inflater, long most, Sink sink) throws DataFormatException {
    byte[] piece = new byte[CHUNK];
    long total = 0;
    int length = inflater.inflate(piece);
    while (length > 0) {
      sink.take(piece, length);
      total += length;
      length = total > most ? 0 : inflater.inflate(piece);
    }
  }

  private static final class Counts implements Sink {
    private long bytes;
    private int tokens;
    private byte last;

    @Override
    public void take(byte[] piece, int length) {
      for (int i = 0; i < length; i++) {
        if (piece[i] == END) {
          tokens++;
        }
      }
      bytes += length;
      last = piece[length - 1];
    }
  }

  private static final class Split implements Sink {
    private final byte[] bytes;
    private final int[] offsets;
    private int token;
    private int to;

    Split(Counts counts) {
      bytes = new byte[(int) counts.bytes - counts.tokens];
      offsets = new int[counts.tokens + 1];
    }

    @Override
    public void take(byte[] piece, int length) {
      for (int i = 0; i < length; i++) {
        if (piece[i] == END) {
          offsets[++token] = to;
        } else {
          bytes[to++] = piece[i];
        }
      }
    }
  }
}
