package dev.kumiko.train.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads lines of UTF-8, and says where something else stands instead of replacing it. Lines end
 * with a line feed or a carriage return and a line feed; a byte order mark at the beginning is
 * skipped. Not safe for use by several threads.
 */
public final class Utf8Lines implements AutoCloseable {
  /** Longer lines are taken for something that is no text, so that memory stays bounded. */
  private static final int LONGEST = 64 << 20;

  private final InputStream in;
  private final String source;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final byte[] buffer;
  private int position;
  private int limit;
  private long bytesBefore;
  private long lines;

  /**
   * Prepares to read.
   *
   * @param in stays the caller's to close
   * @param source the input's name for messages
   */
  public Utf8Lines(InputStream in, String source) {
    this(in, source, 1 << 16, 0, 0);
  }

  /**
   * Prepares to read from the middle of an input.
   *
   * @param bytesBefore where the stream begins
   * @param linesBefore how many lines are before that
   */
  Utf8Lines(InputStream in, String source, int buffer, long bytesBefore, long linesBefore) {
    this.in = in;
    this.source = source;
    this.buffer = new byte[buffer];
    this.bytesBefore = bytesBefore;
    this.lines = linesBefore;
  }

  /**
   * Reads the next line.
   *
   * @return the line without its end, or null if there is none
   * @throws DataException if the line is not UTF-8; the next one can be read then
   * @throws IOException if reading fails or the line is longer than any text
   */
  public String next() throws IOException {
    if (position == limit && !fill()) {
      return null;
    }
    lines++;
    long start = bytesRead();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean ended = false;
    while (!ended && (position < limit || fill())) {
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      line.write(buffer, position, end - position);
      if (line.size() > LONGEST) {
        throw new IOException(
            "%s: line %d is longer than %,d bytes; is it a text file?"
                .formatted(source, lines, LONGEST));
      }
      ended = end < limit;
      position = ended ? end + 1 : end;
    }
    return decode(line.toByteArray(), start);
  }

  /**
   * {@return whether more input is at hand, so that reading on does not wait for it}
   *
   * @throws IOException if reading fails
   */
  public boolean ready() throws IOException {
    return position < limit || in.available() > 0;
  }

  /** Returns the number of the line that was read last, from 1. */
  long line() {
    return lines;
  }

  /** {@return how many bytes have been read as lines} */
  public long bytesRead() {
    return bytesBefore + position;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean fill() throws IOException {
    bytesBefore += limit;
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  private String decode(byte[] line, long start) throws IOException {
    int from = start == 0 && startsWithMark(line) ? 3 : 0;
    int length = line.length;
    if (length > from && line[length - 1] == '\r') {
      length--;
    }
    ByteBuffer bytes = ByteBuffer.wrap(line, from, length - from);
    CharBuffer text = CharBuffer.allocate(length - from);
    CoderResult result = decoder.reset().decode(bytes, text, true);
    if (result.isError()) {
      throw new DataException(
          "%s: line %d is not UTF-8: byte 0x%02X at byte offset %d of the input; convert it first"
              .formatted(source, lines, line[bytes.position()], start + bytes.position()));
    }
    return text.flip().toString();
  }

  private static boolean startsWithMark(byte[] line) {
    return line.length >= 3
        && line[0] == (byte) 0xEF
        && line[1] == (byte) 0xBB
        && line[2] == (byte) 0xBF;
  }
}
