package dev.kumiko.train.data;

import java.util.List;

/**
 * A record of a file of values, as it stands there.
 *
 * @param offset where it begins in the file, in bytes
 * @param line the line where it begins, from 1
 * @param values its values in their order; for JSON the line itself
 */
public record Row(long offset, long line, List<String> values) {
  /** Keeps a copy of the values. */
  public Row {
    values = List.copyOf(values);
  }
}
