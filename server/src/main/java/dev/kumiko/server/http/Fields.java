package dev.kumiko.server.http;

import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** The fields of a JSON object in a request. What is null counts as absent. */
public final class Fields {
  private final Json object;

  /**
   * The fields of an object.
   *
   * @param object from a request
   * @throws ApiException if it is no object
   */
  public Fields(Json object) throws ApiException {
    if (!object.isObject()) {
      throw wrong("", object, "an object");
    }
    this.object = object;
  }

  /**
   * Refuses fields that the API does not have.
   *
   * @param known the names that it has
   * @return this
   * @throws ApiException if there is another
   */
  public Fields only(Set<String> known) throws ApiException {
    for (String name : read(object::members).keySet()) {
      if (!known.contains(name)) {
        throw new ApiException(
            Fault.INVALID,
            name,
            "there is no field \"%s\"; there are %s".formatted(name, new TreeSet<>(known)));
      }
    }
    return this;
  }

  /**
   * Returns a field's value.
   *
   * @param name the field
   * @return empty if it is absent or null
   * @throws ApiException if it cannot be read
   */
  public Optional<Json> find(String name) throws ApiException {
    return read(() -> object.find(name)).filter(value -> !value.isNull());
  }

  /**
   * Returns a field's value.
   *
   * @param name the field
   * @return its value
   * @throws ApiException if it is absent or null
   */
  public Json get(String name) throws ApiException {
    return find(name)
        .orElseThrow(
            () -> new ApiException(Fault.INVALID, name, "\"%s\" is missing".formatted(name)));
  }

  /**
   * Returns a text.
   *
   * @param name the field
   * @return empty if it is absent or null
   * @throws ApiException if it is no text
   */
  public Optional<String> text(String name) throws ApiException {
    Optional<Json> value = find(name);
    return value.isEmpty() ? Optional.empty() : Optional.of(text(name, value.get()));
  }

  /**
   * Returns a truth value.
   *
   * @param name the field
   * @param otherwise if it is absent or null
   * @return the value
   * @throws ApiException if it is neither true nor false
   */
  public boolean truth(String name, boolean otherwise) throws ApiException {
    Optional<Json> value = find(name);
    return value.isEmpty() ? otherwise : read(name, value.get()::asBoolean);
  }

  /**
   * Returns a whole number.
   *
   * @param name the field
   * @param least the smallest that is allowed
   * @param most the largest that is allowed
   * @return empty if it is absent or null
   * @throws ApiException if it is none, or out of range
   */
  public OptionalInt number(String name, int least, int most) throws ApiException {
    Optional<Json> value = find(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    int number = read(name, value.get()::asInt);
    if (number < least || number > most) {
      throw new ApiException(
          Fault.INVALID,
          name,
          "\"%s\" is %d, but must be from %d to %d".formatted(name, number, least, most));
    }
    return OptionalInt.of(number);
  }

  /**
   * Returns a value as text.
   *
   * @param name the field that it is in
   * @param value the value
   * @return the text
   * @throws ApiException if it is none
   */
  public static String text(String name, Json value) throws ApiException {
    return read(name, value::asString);
  }

  /**
   * Returns a value's items.
   *
   * @param name the field that it is in
   * @param value the value
   * @return the items
   * @throws ApiException if it is no array
   */
  public static List<Json> items(String name, Json value) throws ApiException {
    return read(name, value::items);
  }

  /**
   * Returns a value as a whole number.
   *
   * @param name the field that it is in
   * @param value the value
   * @return the number
   * @throws ApiException if it is none
   */
  public static int number(String name, Json value) throws ApiException {
    return read(name, value::asInt);
  }

  /**
   * Returns an exception that blames a value.
   *
   * @param name the field that it is in
   * @param value the value
   * @param expected what it should be
   * @return to be thrown
   */
  public static ApiException wrong(String name, Json value, String expected) {
    String place = value.path().isEmpty() ? "the body" : value.path();
    return new ApiException(
        Fault.INVALID,
        name.isEmpty() ? null : name,
        "%s is %s, expected %s".formatted(place, value, expected));
  }

  private static <T> T read(Reading<T> reading) throws ApiException {
    return read(null, reading);
  }

  private static <T> T read(String name, Reading<T> reading) throws ApiException {
    try {
      return reading.read();
    } catch (ModelFormatException e) {
      throw new ApiException(Fault.INVALID, name, e.getMessage());
    }
  }

  /** Reads a value that may not be what is expected. */
  private interface Reading<T> {
    T read() throws ModelFormatException;
  }
}
