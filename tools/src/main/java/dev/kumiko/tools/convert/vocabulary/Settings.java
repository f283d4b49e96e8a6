package dev.kumiko.tools.convert.vocabulary;

import dev.kumiko.format.Json;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is stated beside the vocabulary files.
 *
 * @param config {@code tokenizer_config.json}, if there is one
 * @param special the special tokens by name, with the class's own where nothing is stated
 * @param stated all that is stated about tokens
 */
record Settings(Optional<Json> config, Map<String, AddedToken> special, StatedTokens stated) {
  /** Arguments that would put something else in the place of the files. */
  private static final List<String> REFUSED =
      List.of("auto_map", "merges", "model_specific_special_tokens", "tokenizer_object", "vocab");

  /**
   * Reads all settings.
   *
   * @param stored a {@code tokenizer.json}, if there is one
   */
  static Settings read(
      Path folder, Optional<Json> config, TokenizerClass type, Optional<Json> stored)
      throws IOException {
    if (config.isPresent()) {
      refuse(config.get());
    }
    StatedTokens stated = StatedTokens.read(folder, config, stored);
    Set<String> needed = stored.isPresent() ? type.neededForStored() : type.needed();
    Map<String, AddedToken> special = new LinkedHashMap<>();
    for (String name : StatedTokens.NAMES) {
      Optional<AddedToken> token = type.defaults().token(name, stated);
      if (token.isPresent() && token.get().content().isEmpty()) {
        throw new ConversionException(
            "%s states that the %s is empty, which is found nowhere.".formatted(folder, name));
      }
      if (token.isPresent()) {
        special.put(name, token.get());
      } else if (needed.contains(name)) {
        throw new ConversionException(
            "%s states that there is no %s, which its tokenizer needs.".formatted(folder, name));
      }
    }
    return new Settings(config, special, stated);
  }

  static void refuse(Json config) throws IOException {
    for (String name : REFUSED) {
      Optional<Json> stated = JsonFile.present(config, name);
      if (stated.isPresent()) {
        throw stated.get().error("is stated, which Kumiko does not support");
      }
    }
    Optional<Json> inputs = JsonFile.present(config, "init_inputs");
    if (inputs.isPresent() && !inputs.get().items().isEmpty()) {
      throw inputs.get().error("is not empty, which Kumiko does not support");
    }
  }

  /** Returns a truth value of the configuration; null is refused, as the class does. */
  boolean flag(String name, boolean absent) throws IOException {
    Optional<Json> flag = config.isPresent() ? config.get().find(name) : Optional.empty();
    return flag.isPresent() ? flag.get().asBoolean() : absent;
  }

  /** Returns a truth value of the configuration that may be null. */
  Optional<Boolean> optionalFlag(String name) throws IOException {
    Optional<Json> flag =
        config.isPresent() ? JsonFile.present(config.get(), name) : Optional.empty();
    return flag.isPresent() ? Optional.of(flag.get().asBoolean()) : Optional.empty();
  }

  /** Returns the text of a special token that the class needs. */
  String text(String name) {
    return special.get(name).content();
  }
}
