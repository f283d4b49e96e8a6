package dev.kumiko.train.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads a file's examples, one after the other or wherever one begins. */
final class ExampleReader implements AutoCloseable {
  private final FileFormat format;
  private final Columns columns;
  private final RowReader records;
  private final Map<String, Integer> names = new HashMap<>();
  private int width = -1;
  private Row last;

  /** Opens a file and reads its header, if it has one. */
  ExampleReader(Path file, FileFormat format, Columns columns) throws IOException {
    this.format = format;
    this.columns = columns;
    this.records = RowReader.open(file, format);
    try {
      if (columns.named() && format != FileFormat.JSON_LINES) {
        readHeader(file);
      }
    } catch (IOException e) {
      records.close();
      throw e;
    }
  }

  private void readHeader(Path file) throws IOException {
    if (format == FileFormat.TEXT) {
      throw new DataException(
          file
              + ": is plain text, which has one column without a name; name it .csv, .tsv or"
              + " .jsonl if it is that");
    }
    Row header = records.next();
    if (header == null) {
      throw new DataException(file + ": is empty, expected a header that names the columns");
    }
    width = header.values().size();
    for (String name : header.values()) {
      if (names.put(name, names.size()) != null) {
        throw new DataException(
            "%s: the header names \"%s\" twice".formatted(file, Shown.of(name)));
      }
    }
    for (Column column : columns.all()) {
      if (!names.containsKey(column.name())) {
        throw new DataException(
            "%s: the header has no column \"%s\", but %s"
                .formatted(file, column.name(), Shown.of(String.join(", ", header.values()))));
      }
    }
  }

  /**
   * Reads an example, whose label is its score as it stands.
   *
   * @return the example, or null at the end
   * @throws DataException if the record is bad; the next one can be read then
   */
  Example next() throws IOException {
    last = records.next();
    if (last == null) {
      return null;
    }
    String place = records.place(last.line());
    return columns.example(fields(last, place), place);
  }

  private Fields fields(Row record, String place) throws DataException {
    if (format == FileFormat.JSON_LINES) {
      return JsonFields.parse(place, record.values().getFirst());
    }
    int count = record.values().size();
    if (width >= 0 && count != width) {
      throw new DataException("%s has %d columns, expected %d".formatted(place, count, width));
    }
    width = count;
    return new DelimitedFields(place, names, record.values());
  }

  /** Returns where the record of the last example began, in bytes. */
  long offset() {
    return last.offset();
  }

  /** Reads the example that begins at some byte. */
  Example at(long offset) throws IOException {
    records.moveTo(offset);
    return next();
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
