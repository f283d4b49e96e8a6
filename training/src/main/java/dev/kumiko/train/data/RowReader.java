package dev.kumiko.train.data;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads the records of a file one after the other. Behind a record that is none the next one can be
 * read: it begins on the line after that on which the bad one began. Not safe for use by several
 * threads.
 */
public final class RowReader implements AutoCloseable {
  private static final int STREAM_BUFFER = 1 << 16;
  private static final int ROW_BUFFER = 1 << 12;

  private final Path file;
  private final FileFormat format;
  private final FileChannel channel;
  private Utf8Lines lines;

  private RowReader(Path file, FileFormat format, FileChannel channel) {
    this.file = file;
    this.format = format;
    this.channel = channel;
  }

  /**
   * Opens a file at its beginning.
   *
   * @param file where it lies
   * @param format how it is written
   * @return a reader before the first row, to be closed
   * @throws IOException if the file cannot be opened
   */
  public static RowReader open(Path file, FileFormat format) throws IOException {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a directory, expected a file of data");
    }
    RowReader reader = new RowReader(file, format, FileChannel.open(file));
    reader.moveTo(0, 0, STREAM_BUFFER);
    return reader;
  }

  /** Reads on at the beginning of some line, from now on for one record at a time. */
  void moveTo(long offset) throws IOException {
    moveTo(offset, 0, ROW_BUFFER);
  }

  private void moveTo(long offset, long linesBefore, int buffer) throws IOException {
    channel.position(offset);
    lines =
        new Utf8Lines(
            Channels.newInputStream(channel), file.toString(), buffer, offset, linesBefore);
  }

  /**
   * Reads a record.
   *
   * @return the record, or null at the end of the file
   * @throws DataException if it is none: not UTF-8, or a quote is in the wrong place; the message
   *     names file and line
   * @throws IOException if reading fails
   */
  public Row next() throws IOException {
    while (true) {
      long offset = lines.bytesRead();
      String line = lines.next();
      if (line == null) {
        return null;
      }
      if (!line.isEmpty() || !format.skipsEmptyLines()) {
        return new Row(offset, lines.line(), values(line));
      }
    }
  }

  private List<String> values(String line) throws IOException {
    return switch (format) {
      case CSV -> csv(line);
      case TSV -> List.of(line.split("\t", -1));
      case JSON_LINES, TEXT -> List.of(line);
    };
  }

  private List<String> csv(String first) throws IOException {
    long number = lines.line();
    long behindFirst = lines.bytesRead();
    CsvRow record = new CsvRow(place(number));
    try {
      boolean complete = record.add(first);
      while (!complete) {
        String line = lines.next();
        if (line == null) {
          throw record.neverClosed();
        }
        complete = record.add(line);
      }
      return record.values();
    } catch (DataException e) {
      if (lines.line() > number) {
        moveTo(behindFirst, number, STREAM_BUFFER);
      }
      throw e;
    }
  }

  /** Returns a line for messages. */
  String place(long line) {
    return "%s: line %d".formatted(file, line);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
