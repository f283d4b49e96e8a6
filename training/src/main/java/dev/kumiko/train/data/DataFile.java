package dev.kumiko.train.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A file of examples, which is checked from its first to its last line when it is opened and of
 * which only the place of each line is kept, 8 bytes an example: any order of examples can be read
 * from a file that is larger than memory. Not safe for use by several threads.
 */
public final class DataFile implements AutoCloseable {
  private final Path file;
  private final Columns columns;
  private final ExampleReader reader;
  private final Index index;
  private final ScoreScale scale;
  private final String identity;

  private DataFile(Path file, Columns columns, ExampleReader reader, Index index, String identity) {
    this.file = file;
    this.columns = columns;
    this.reader = reader;
    this.index = index;
    this.identity = identity;
    this.scale =
        columns.scale().kind() == ScoreScale.Kind.FOUND
            ? ScoreScale.given(index.lowest, index.highest)
            : columns.scale();
  }

  /**
   * Reads a file through.
   *
   * @param file where it lies
   * @param format how it is written
   * @param columns what its columns are
   * @param skipBadLines whether a bad line is counted instead of refused
   * @return the file, to be closed
   * @throws DataException if a line is bad, or no line is left; the message names file and line
   * @throws IOException if reading fails
   */
  public static DataFile open(Path file, FileFormat format, Columns columns, boolean skipBadLines)
      throws IOException {
    ExampleReader reader = new ExampleReader(file, format, columns);
    try {
      Index index = new Index();
      index.fill(reader, skipBadLines);
      index.check(file, columns);
      String settings = "%s; %s; %s\0".formatted(format, columns, skipBadLines);
      return new DataFile(file, columns, reader, index, FileHash.of(file, settings));
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** {@return how many examples the file has} */
  public int size() {
    return index.size;
  }

  /** {@return how many bad lines were skipped} */
  public long badLines() {
    return index.bad;
  }

  /** {@return what was wrong with the first bad line that was skipped; empty if none was} */
  public String firstBadLine() {
    return index.firstBad;
  }

  /** {@return the lowest label before it is scaled, infinite if there are no labels} */
  public double lowestLabel() {
    return index.lowest;
  }

  /** {@return the highest label before it is scaled, infinite if there are no labels} */
  public double highestLabel() {
    return index.highest;
  }

  /** {@return the columns that examples are made of} */
  public Columns columns() {
    return columns;
  }

  /** {@return the file} */
  public Path file() {
    return file;
  }

  /**
   * {@return what changes when the file's bytes or the meaning of its columns change: SHA-256 in
   * hexadecimal digits}
   */
  public String identity() {
    return identity;
  }

  /**
   * Reads an example.
   *
   * @param number its number in the file, from 0
   * @return the example
   * @throws DataException if there is no longer an example: the file has changed
   */
  public Example example(int number) throws IOException {
    try {
      Example example = reader.at(index.offset(number));
      if (example != null) {
        return new Example(example.texts(), example.labels().stream().map(scale::label).toList());
      }
    } catch (DataException e) {
      // Was read before.
    }
    throw new DataException(
        "%s: has changed since it was opened: no example begins at byte %,d any longer"
            .formatted(file, index.offset(number)));
  }

  /**
   * Returns file and line of an example for messages; reads the file up to there.
   *
   * @param number its number in the file, from 0
   * @return such as {@code pairs.csv, line 7}
   * @throws IOException if reading fails
   */
  public String place(int number) throws IOException {
    long offset = index.offset(number);
    long line = 1;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (long left = offset; left > 0; ) {
        int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          break;
        }
        for (int i = 0; i < read; i++) {
          line += buffer[i] == '\n' ? 1 : 0;
        }
        left -= read;
      }
    }
    return "%s: line %d".formatted(file, line);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** What is known after the file was read through. */
  private static final class Index {
    private long[] offsets = new long[1024];
    private int size;
    private long bad;
    private String firstBad = "";
    private double lowest = Double.POSITIVE_INFINITY;
    private double highest = Double.NEGATIVE_INFINITY;

    void fill(ExampleReader reader, boolean skipBadLines) throws IOException {
      while (true) {
        try {
          Example example = reader.next();
          if (example == null) {
            return;
          }
          add(reader.offset(), example.labels());
        } catch (DataException e) {
          if (!skipBadLines) {
            throw e;
          }
          firstBad = bad == 0 ? e.getMessage() : firstBad;
          bad++;
        }
      }
    }

    private void add(long offset, List<Double> labels) {
      if (size == offsets.length) {
        offsets = Arrays.copyOf(offsets, Math.multiplyExact(size / 2, 3));
      }
      offsets[size++] = offset;
      for (double label : labels) {
        lowest = Math.min(lowest, label);
        highest = Math.max(highest, label);
      }
    }

    void check(Path file, Columns columns) throws DataException {
      if (size == 0) {
        throw new DataException(
            bad == 0
                ? file + ": has no lines"
                : "%s: has no good line, but %,d bad ones; first: %s"
                    .formatted(file, bad, firstBad));
      }
      if (columns.scale().kind() == ScoreScale.Kind.FOUND && !(lowest < highest)) {
        throw new DataException(
            "%s: all %,d scores are %s, so that they have no range to be scaled from"
                .formatted(file, size, lowest));
      }
    }

    long offset(int number) {
      if (number < 0 || number >= size) {
        throw new IndexOutOfBoundsException("example %,d of %,d".formatted(number, size));
      }
      return offsets[number];
    }
  }
}
