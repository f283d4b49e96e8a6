package dev.kumiko.train.data;

import java.nio.file.Path;
import java.util.Locale;

/** How a file's lines hold values. All files are UTF-8; a byte order mark is skipped. */
public enum FileFormat {
  /** RFC 4180: commas, quotes around values with commas, quotes (doubled) or line ends in them. */
  CSV,
  /** Tabs between the values, and nothing is special in a value: no quotes, as IANA has it. */
  TSV,
  /** A JSON object or array on each line. */
  JSON_LINES,
  /** Each line is one text. */
  TEXT;

  /**
   * {@return the format of a file's name: {@code .csv}, {@code .tsv}, {@code .jsonl} or text}
   *
   * @param file of which only the name counts
   */
  public static FileFormat of(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv")) {
      return CSV;
    }
    if (name.endsWith(".tsv") || name.endsWith(".tab")) {
      return TSV;
    }
    return name.endsWith(".jsonl") || name.endsWith(".ndjson") ? JSON_LINES : TEXT;
  }

  /** Whether a line without anything on it is no record, rather than one with an empty text. */
  boolean skipsEmptyLines() {
    return this != TEXT;
  }
}
