package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The members of an object, and which of them have been asked for: one that nobody asks for may
 * change the vectors, so it is refused.
 */
final class Members {
  private final Json object;
  private final Set<String> known = new HashSet<>();

  Members(Json object) {
    this.object = object;
  }

  Json get(String key) throws ModelFormatException {
    known.add(key);
    return object.get(key);
  }

  /** Returns a member that may be absent or JSON's null. */
  Optional<Json> find(String key) throws ModelFormatException {
    known.add(key);
    return object.find(key).filter(value -> !value.isNull());
  }

  boolean has(String key) throws ModelFormatException {
    return object.find(key).isPresent();
  }

  String text(String key) throws ModelFormatException {
    return get(key).asString();
  }

  int integer(String key) throws ModelFormatException {
    return get(key).asInt();
  }

  double number(String key) throws ModelFormatException {
    return get(key).asDouble();
  }

  boolean flag(String key) throws ModelFormatException {
    return get(key).asBoolean();
  }

  <E extends Enum<E>> E choice(String key, E[] choices) throws ModelFormatException {
    return choice(get(key), choices);
  }

  /** Reads the name of one of these. */
  static <E extends Enum<E>> E choice(Json name, E[] choices) throws ModelFormatException {
    String code = name.asString();
    List<String> codes = new ArrayList<>();
    for (E choice : choices) {
      if (MetadataKeys.code(choice).equals(code)) {
        return choice;
      }
      codes.add(MetadataKeys.code(choice));
    }
    throw name.error("is " + Quoted.of(code) + ", this Kumiko knows: " + String.join(", ", codes));
  }

  void requireNoOthers() throws ModelFormatException {
    for (Map.Entry<String, Json> member : object.members().entrySet()) {
      if (!known.contains(member.getKey())) {
        throw member.getValue().error("is unknown to this Kumiko; a newer one may read the file");
      }
    }
  }
}
