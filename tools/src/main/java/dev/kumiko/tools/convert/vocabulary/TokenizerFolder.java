package dev.kumiko.tools.convert.vocabulary;

import static dev.kumiko.tools.convert.JsonFile.find;
import static dev.kumiko.tools.convert.JsonFile.present;

import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tokenizer of a folder as {@code transformers} makes it of all the files there. This package
 * alone knows which of them wins; docs/settings.md says it for people.
 */
public final class TokenizerFolder {
  private static final String CONFIG = "tokenizer_config.json";

  /** What changes ids, and has no counterpart here. */
  private static final List<String> REFUSED = List.of("fix_mistral_regex");

  private TokenizerFolder() {}

  /**
   * Reads a tokenizer.
   *
   * @param modelConfig the {@code config.json}, which decides on the class if the tokenizer's own
   *     settings do not
   * @param arguments what wins over {@code tokenizer_config.json}
   * @param log receives what the user should know
   * @return what would stand in a {@code tokenizer.json}; all settings beside it are obeyed
   * @throws IOException if files are missing or damaged, or ask for what Kumiko does not have
   */
  public static Json read(
      Path folder, Json modelConfig, Map<String, Json> arguments, Consumer<String> log)
      throws IOException {
    Optional<Json> config = find(folder.resolve(CONFIG));
    if (!arguments.isEmpty()) {
      Json stated = config.isPresent() ? config.get() : Json.parse(CONFIG, "{}");
      config = Optional.of(stated.with(arguments));
    }
    Optional<Json> stored = find(folder.resolve("tokenizer.json"));
    Json tokenizer =
        stored.isPresent()
            ? StoredTokenizer.read(folder, stored.get(), config, modelConfig, log)
            : VocabularyFolder.tokenizer(folder, config, modelConfig);
    return config.isPresent() ? obey(config.get(), tokenizer) : tokenizer;
  }

  /** What every class does in the same way. */
  private static Json obey(Json config, Json tokenizer) throws IOException {
    for (String name : REFUSED) {
      if (flag(config, name)) {
        throw config.get(name).error("is true, which Kumiko does not support");
      }
    }
    Json obeying = tokenizer;
    Optional<Json> side = present(config, "truncation_side");
    if (side.isPresent()) {
      String direction =
          switch (side.get().asString()) {
            case "left" -> "Left";
            case "right" -> "Right";
            default -> throw side.get().error("is " + side.get() + ", expected left or right");
          };
      obeying = obeying.with(json(Map.of("truncation", Map.of("direction", direction))));
    }
    return flag(config, "split_special_tokens") ? withoutSpecial(obeying) : obeying;
  }

  private static boolean flag(Json config, String name) throws ModelFormatException {
    Optional<Json> flag = present(config, name);
    return flag.isPresent() && flag.get().asBoolean();
  }

  /** In a text, special tokens are words as all others. */
  private static Json withoutSpecial(Json tokenizer) throws ModelFormatException {
    Optional<Json> added = present(tokenizer, "added_tokens");
    List<Object> others = new ArrayList<>();
    for (Json token : added.isPresent() ? added.get().items() : List.<Json>of()) {
      boolean special = AddedToken.flag(token, "special");
      if (!special) {
        others.add(AddedToken.read(token, false).json(token.get("id").asInt()));
      }
    }
    return tokenizer.with(json(Map.of("added_tokens", others)));
  }

  /** Returns members to put into a document. */
  static Map<String, Json> json(Map<String, Object> sections) throws ModelFormatException {
    return Json.parse("sections", Json.text(sections)).members();
  }
}
