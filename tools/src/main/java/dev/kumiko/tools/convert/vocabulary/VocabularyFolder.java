package dev.kumiko.tools.convert.vocabulary;

import dev.kumiko.format.Json;
import dev.kumiko.tools.convert.ConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder that has no {@code tokenizer.json}, but the vocabulary files of one of the tokenizer
 * classes of {@code transformers}. The same tokenizer is built as {@code transformers} builds.
 */
final class VocabularyFolder {
  private static final String WAY_OUT =
      " Where transformers can load it, AutoTokenizer.from_pretrained(folder)"
          + ".save_pretrained(folder) writes a tokenizer.json.";

  private VocabularyFolder() {}

  /**
   * Builds a tokenizer.
   *
   * @param folder where the files are
   * @param config the tokenizer's own settings
   * @param modelConfig the {@code config.json}, which decides on the class if the tokenizer's own
   *     settings do not
   * @return what would stand in a {@code tokenizer.json}; all settings beside it are obeyed
   * @throws IOException if the files are missing, damaged, or of a class that Kumiko does not build
   */
  static Json tokenizer(Path folder, Optional<Json> config, Json modelConfig) throws IOException {
    String name = className(folder, config, modelConfig);
    TokenizerClass type = TokenizerClass.BY_NAME.get(name);
    if (type == null) {
      throw new ConversionException(
          "%s has no tokenizer.json, and its tokenizer is a %s; without that file Kumiko builds %s."
                  .formatted(folder, name, String.join(", ", TokenizerClass.BY_NAME.keySet()))
              + WAY_OUT);
    }
    refuseOther(folder, type, name);
    for (String file : type.files()) {
      if (!Files.isRegularFile(folder.resolve(file))) {
        throw new ConversionException(
            "%s has neither a tokenizer.json nor the %s from which a %s is built."
                    .formatted(folder, file, name)
                + WAY_OUT);
      }
    }
    return type.build(folder, Settings.read(folder, config, type, Optional.empty()));
  }

  /** Files that {@code transformers} takes instead of those of the class, whatever that is. */
  private static void refuseOther(Path folder, TokenizerClass type, String name)
      throws IOException {
    for (String other : List.of("tekken.json", "tokenizer.model", "tiktoken.model")) {
      if (Files.exists(folder.resolve(other))) {
        throw new ConversionException(
            "%s has no tokenizer.json, but a %s, from which Kumiko builds no %s; beside %s alone it does."
                    .formatted(folder, other, name, String.join(" and ", type.files()))
                + WAY_OUT);
      }
    }
  }

  private static String className(Path folder, Optional<Json> config, Json modelConfig)
      throws IOException {
    String type = modelConfig.get("model_type").asString();
    String usual = TokenizerClass.BY_MODEL_TYPE.get(type);
    if (usual == null) {
      throw new ConversionException(
          "%s has no tokenizer.json; of a %s Kumiko knows no other vocabulary files."
                  .formatted(folder, type)
              + WAY_OUT);
    }
    return TokenizerClass.stated(config, modelConfig).orElse(usual);
  }
}
