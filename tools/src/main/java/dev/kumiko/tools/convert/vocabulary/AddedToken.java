package dev.kumiko.tools.convert.vocabulary;

import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A token that is found in a text before the text is split, as {@code transformers} states it.
 *
 * @param normalized whether it is looked for in the normalised text; if nothing is stated, in that
 *     of others than special tokens
 */
record AddedToken(
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    Optional<Boolean> normalized,
    boolean special) {

  /** A special token that is stated as text alone. */
  static AddedToken special(String content) {
    return new AddedToken(content, false, false, false, Optional.empty(), true);
  }

  /** A token that is stated with its flags. */
  static AddedToken read(Json object, boolean special) throws ModelFormatException {
    Optional<Json> normalized = object.find("normalized");
    return new AddedToken(
        object.get("content").asString(),
        flag(object, "single_word"),
        flag(object, "lstrip"),
        flag(object, "rstrip"),
        normalized.isPresent() ? Optional.of(normalized.get().asBoolean()) : Optional.empty(),
        special);
  }

  static boolean flag(Json object, String name) throws ModelFormatException {
    Optional<Json> flag = object.find(name);
    return flag.isPresent() && flag.get().asBoolean();
  }

  /** Returns it as a word that takes the space before it. */
  AddedToken withSpaceBefore() {
    return new AddedToken(content, singleWord, true, rstrip, normalized, special);
  }

  AddedToken asSpecial() {
    return new AddedToken(content, singleWord, lstrip, rstrip, normalized, true);
  }

  /** Returns it as an item of {@code added_tokens}. */
  Map<String, Object> json(int id) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("content", content);
    json.put("single_word", singleWord);
    json.put("lstrip", lstrip);
    json.put("rstrip", rstrip);
    json.put("normalized", normalized.orElse(!special));
    json.put("special", special);
    return json;
  }
}
