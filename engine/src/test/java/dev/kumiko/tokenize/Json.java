package dev.kumiko.tokenize;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON into maps, lists, strings, numbers and booleans. */
public final class Json {
  private Json() {}

  public static Map<?, ?> read(InputStream in) throws IOException {
    try (in;
        JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
      parser.nextToken();
      return (Map<?, ?>) value(parser);
    }
  }

  public static Map<?, ?> map(Map<?, ?> object, String key) {
    return (Map<?, ?>) object.get(key);
  }

  public static List<?> list(Map<?, ?> object, String key) {
    return (List<?>) object.get(key);
  }

  public static int integer(Map<?, ?> object, String key) {
    return ((Number) object.get(key)).intValue();
  }

  public static boolean flag(Map<?, ?> object, String key) {
    return (Boolean) object.get(key);
  }

  public static int[] integers(List<?> list) {
    return list.stream().mapToInt(number -> ((Number) number).intValue()).toArray();
  }

  private static Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, value(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalArgumentException("not a value: " + parser.currentToken());
    };
  }
}
