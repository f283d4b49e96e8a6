package dev.kumiko.train.data;

import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import java.util.List;

/** The values of a line of JSON, which know their place themselves. */
final class JsonFields implements Fields {
  private final String place;
  private final Json line;

  private JsonFields(String place, Json line) {
    this.place = place;
    this.line = line;
  }

  static JsonFields parse(String place, String text) throws DataException {
    try {
      return new JsonFields(place, Json.parse(place, text));
    } catch (ModelFormatException e) {
      throw new DataException(e.getMessage());
    }
  }

  @Override
  public String text(Column column) throws DataException {
    return read(column, Json::asString);
  }

  @Override
  public double number(Column column) throws DataException {
    return read(column, Json::asDouble);
  }

  @Override
  public String label(Column column) throws DataException {
    return read(
        column, value -> value.isString() ? value.asString() : Integer.toString(value.asInt()));
  }

  private <T> T read(Column column, Reading<T> reading) throws DataException {
    try {
      return reading.of(value(column));
    } catch (ModelFormatException e) {
      throw new DataException(e.getMessage());
    }
  }

  private Json value(Column column) throws ModelFormatException, DataException {
    if (column.name() != null) {
      return line.get(column.name());
    }
    List<Json> items = line.items();
    if (column.position() > items.size()) {
      throw new DataException("%s has %d values and no %s".formatted(place, items.size(), column));
    }
    return items.get(column.position() - 1);
  }

  @FunctionalInterface
  private interface Reading<T> {
    T of(Json value) throws ModelFormatException;
  }
}
