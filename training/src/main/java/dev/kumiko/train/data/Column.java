package dev.kumiko.train.data;

/**
 * Where a value stands in a record: under a name (a CSV or TSV file then has a header, a JSON line
 * is an object) or at a position (there is no header, a JSON line is an array).
 *
 * @param name the name, or null
 * @param position the position from 1 if there is no name
 */
public record Column(String name, int position) {
  /** Checks that it is either. */
  public Column {
    if (name == null && position < 1) {
      throw new IllegalArgumentException("columns are counted from 1, not " + position);
    }
  }

  /**
   * {@return a column with a name}
   *
   * @param name as it stands in the first line of the file
   */
  public static Column named(String name) {
    return new Column(name, 0);
  }

  /**
   * {@return a column at a position, from 1}
   *
   * @param position 1 or more
   */
  public static Column at(int position) {
    return new Column(null, position);
  }

  @Override
  public String toString() {
    return name == null ? "column " + position : name;
  }
}
