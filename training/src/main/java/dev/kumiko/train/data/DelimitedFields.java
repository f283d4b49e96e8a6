package dev.kumiko.train.data;

import java.util.List;
import java.util.Map;

/** The values of a line of CSV, TSV or plain text. */
final class DelimitedFields implements Fields {
  private final String place;
  private final Map<String, Integer> names;
  private final List<String> values;

  /**
   * Takes over the values.
   *
   * @param names the index of each column by its name
   */
  DelimitedFields(String place, Map<String, Integer> names, List<String> values) {
    this.place = place;
    this.names = names;
    this.values = values;
  }

  @Override
  public String text(Column column) throws DataException {
    Integer index = column.name() == null ? column.position() - 1 : names.get(column.name());
    if (index == null || index >= values.size()) {
      throw new DataException(
          "%s has %d columns and no %s".formatted(place, values.size(), column));
    }
    return values.get(index);
  }

  @Override
  public double number(Column column) throws DataException {
    String text = text(column);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new DataException(
          "%s: %s is \"%s\", expected a number".formatted(place, column, Shown.of(text)));
    }
  }

  @Override
  public String label(Column column) throws DataException {
    return text(column).strip();
  }
}
