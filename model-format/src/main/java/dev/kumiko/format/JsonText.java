package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes maps, lists and plain values as JSON text. */
final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonText() {}

  static String of(Object value) {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      write(generator, value);
    }
    return out.toString();
  }

  private static void write(JsonGenerator out, Object value) {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof Map<?, ?> object) {
      out.writeStartObject();
      object.forEach(
          (key, member) -> {
            out.writeName(wellFormed((String) key));
            write(out, member);
          });
      out.writeEndObject();
    } else if (value instanceof List<?> array) {
      out.writeStartArray();
      array.forEach(item -> write(out, item));
      out.writeEndArray();
    } else if (value instanceof String text) {
      out.writeString(wellFormed(text));
    } else if (value instanceof Boolean truth) {
      out.writeBoolean(truth);
    } else if (value instanceof Double number && Double.isFinite(number)) {
      out.writeNumber(number);
    } else if (value instanceof Integer || value instanceof Long) {
      out.writeNumber(((Number) value).longValue());
    } else {
      throw new IllegalArgumentException(
          "not a JSON value: " + value + " of " + value.getClass().getName());
    }
  }

  private static String wellFormed(String text) {
    if (!Quoted.wellFormed(text)) {
      throw new IllegalArgumentException("half a surrogate pair in " + Quoted.of(text));
    }
    return text;
  }
}
