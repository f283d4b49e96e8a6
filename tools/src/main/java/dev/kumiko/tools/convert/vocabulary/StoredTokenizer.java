package dev.kumiko.tools.convert.vocabulary;

import static dev.kumiko.tools.convert.JsonFile.present;

import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A folder that has a {@code tokenizer.json}. Most tokenizer classes of {@code transformers} 5 take
 * no more than the vocabulary and the merges out of it and make all else anew from the settings
 * beside it; a class without steps of its own takes all.
 */
final class StoredTokenizer {
  /** Those that take a {@code tokenizer.json} as it is, without the "Fast" at their end. */
  private static final Set<String> GENERIC =
      Set.of("PreTrainedTokenizer", "PythonBackend", "TokenizersBackend");

  private StoredTokenizer() {}

  static Json read(
      Path folder, Json stored, Optional<Json> config, Json modelConfig, Consumer<String> log)
      throws IOException {
    Optional<String> name = className(config, modelConfig);
    if (name.isEmpty()) {
      Json whole = asItIs(folder, stored, config);
      return config.isPresent() ? EndTokens.obey(whole, config.get(), log) : whole;
    }
    TokenizerClass type = TokenizerClass.BY_NAME.get(name.get());
    if (type == null) {
      throw new ConversionException(
          "%s states the tokenizer class %s, which transformers makes by steps of its own; Kumiko knows %s and, for a tokenizer.json that counts as it is, PreTrainedTokenizerFast."
              .formatted(folder, name.get(), String.join(", ", TokenizerClass.BY_NAME.keySet())));
    }
    Json made = type.rebuild(stored, Settings.read(folder, config, type, Optional.of(stored)));
    List<String> differing = differing(stored, made);
    if (!differing.isEmpty()) {
      log.accept(
          "In place of what tokenizer.json says of %s the settings beside it count, as in transformers (%s)."
              .formatted(String.join(", ", differing), name.get()));
    }
    return made;
  }

  private static List<String> differing(Json stored, Json made) {
    try {
      return TokenizerJson.differing(stored, made);
    } catch (ModelFormatException e) {
      // A step that Kumiko would refuse, had the settings not taken its place.
      return List.of("its steps");
    }
  }

  /** Returns nothing if the file counts as it is. */
  private static Optional<String> className(Optional<Json> config, Json modelConfig)
      throws IOException {
    String usual = TokenizerClass.BY_MODEL_TYPE.get(modelConfig.get("model_type").asString());
    if (usual == null) {
      return Optional.empty();
    }
    String name = TokenizerClass.stated(config, modelConfig).orElse(usual);
    return GENERIC.contains(name) ? Optional.empty() : Optional.of(name);
  }

  /** Adds the tokens that the file lacks. */
  private static Json asItIs(Path folder, Json stored, Optional<Json> config) throws IOException {
    if (config.isPresent()) {
      Settings.refuse(config.get());
    }
    StatedTokens stated = StatedTokens.read(folder, config, Optional.of(stored));
    Map<String, AddedToken> named = new LinkedHashMap<>();
    for (String name : StatedTokens.NAMES) {
      Optional<AddedToken> absent =
          name.equals("pad_token") ? paddingToken(stored) : Optional.empty();
      stated.named(name, absent).ifPresent(token -> named.put(name, token));
    }
    return TokenizerDocument.of(stored)
        .keepTokens()
        .addTokens(stated.inOrder(named.values(), Optional.empty()))
        .json(stored.source());
  }

  private static Optional<AddedToken> paddingToken(Json stored) throws IOException {
    Optional<Json> padding = present(stored, "padding");
    Optional<Json> token =
        padding.isPresent() ? present(padding.get(), "pad_token") : Optional.empty();
    return token.isPresent()
        ? Optional.of(AddedToken.special(token.get().asString()))
        : Optional.empty();
  }
}
