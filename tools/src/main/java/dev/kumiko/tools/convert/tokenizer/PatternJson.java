package dev.kumiko.tools.convert.tokenizer;

import dev.kumiko.format.Json;
import dev.kumiko.format.TextPattern;
import dev.kumiko.model.ModelFormatException;
import java.util.Optional;

/** What a step looks for: {@code {"String": ...}} or {@code {"Regex": ...}}. */
final class PatternJson {
  private PatternJson() {}

  static TextPattern read(Json pattern) throws ModelFormatException {
    Optional<Json> regex = pattern.find("Regex");
    Json text = regex.isPresent() ? regex.get() : pattern.get("String");
    if (text.asString().isEmpty()) {
      throw text.error("is empty, so that it is found everywhere; Kumiko does not support that");
    }
    return new TextPattern(regex.isPresent(), text.asString());
  }
}
