package dev.kumiko.train.data;

import java.util.ArrayList;
import java.util.List;

/**
 * A CSV record (RFC 4180) that is put together line by line. A quote inside a value that does not
 * begin with one stands for itself. An instance reads one record.
 */
final class CsvRow {
  private static final int LONGEST = 1 << 24;
  private static final int MOST_SHOWN = 20;

  private enum State {
    BEGINNING,
    PLAIN,
    QUOTED,
    QUOTE_IN_QUOTED
  }

  private final String place;
  private final List<String> values = new ArrayList<>();
  private final StringBuilder value = new StringBuilder();
  private State state = State.BEGINNING;

  /**
   * Begins a record.
   *
   * @param place file and line for messages
   */
  CsvRow(String place) {
    this.place = place;
  }

  /**
   * Adds a line.
   *
   * @return whether the record ends with it
   */
  boolean add(String line) throws DataException {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      switch (state) {
        case BEGINNING, PLAIN -> plain(c);
        case QUOTED -> quoted(c);
        case QUOTE_IN_QUOTED -> behindQuote(line, i);
      }
    }
    if (state == State.QUOTED) {
      value.append('\n');
      if (value.length() > LONGEST) {
        throw neverClosed();
      }
      return false;
    }
    end();
    return true;
  }

  private void plain(char c) {
    if (c == ',') {
      end();
    } else if (c == '"' && state == State.BEGINNING) {
      state = State.QUOTED;
    } else {
      value.append(c);
      state = State.PLAIN;
    }
  }

  private void quoted(char c) {
    if (c == '"') {
      state = State.QUOTE_IN_QUOTED;
    } else {
      value.append(c);
    }
  }

  private void behindQuote(String line, int at) throws DataException {
    char c = line.charAt(at);
    if (c == '"') {
      value.append('"');
      state = State.QUOTED;
    } else if (c == ',') {
      end();
    } else {
      throw new DataException(
          "%s has \"%s\" behind the closing quote of column %d, expected a comma; a quote inside"
                  .formatted(
                      place,
                      Shown.of(line.substring(at, Math.min(line.length(), at + MOST_SHOWN))),
                      values.size() + 1)
              + " quotes is written twice");
    }
  }

  private void end() {
    values.add(value.toString());
    value.setLength(0);
    state = State.BEGINNING;
  }

  /** Returns what to throw if there is no further line. */
  DataException neverClosed() {
    return new DataException(
        "%s has a quote that opens column %d and is never closed"
            .formatted(place, values.size() + 1));
  }

  /** Returns the values of a record that has ended. */
  List<String> values() {
    return values;
  }
}
