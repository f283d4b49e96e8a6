package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.ModelSource;
import dev.kumiko.tools.convert.SourceModel;
import dev.kumiko.tools.convert.Traits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A folder in the layout of Hugging Face's {@code transformers} and {@code sentence-transformers}.
 * Holds the weights' file open until it is closed.
 */
public final class HuggingFaceFolder implements ModelSource {
  private final Path folder;
  private final Modules modules;
  private final ModelFile file;

  private HuggingFaceFolder(Path folder, Modules modules, ModelFile file) {
    this.folder = folder;
    this.modules = modules;
    this.file = file;
  }

  /**
   * Opens a folder.
   *
   * @throws IOException if its modules are not supported or its weights cannot be read
   */
  public static HuggingFaceFolder open(Path folder) throws IOException {
    Modules modules = Modules.read(folder);
    Path weights = modules.transformer().resolve("model.safetensors");
    if (!Files.isRegularFile(weights)) {
      throw new ConversionException(missing(modules.transformer()));
    }
    return new HuggingFaceFolder(folder, modules, ModelFile.open(weights));
  }

  private static String missing(Path transformer) {
    String message = transformer + " has no model.safetensors";
    if (Files.exists(transformer.resolve("model.safetensors.index.json"))) {
      return message + "; weights split over several files are not supported.";
    }
    if (Files.exists(transformer.resolve("pytorch_model.bin"))) {
      return message + ", only pytorch_model.bin: save the model anew with safetensors.";
    }
    return message + ".";
  }

  @Override
  public void close() {
    file.close();
  }

  @Override
  public SourceModel read(Consumer<String> log) throws IOException {
    Path transformer = modules.transformer();
    Architecture architecture = BertConfig.read(json(transformer.resolve("config.json")));
    modules.requireDimension(architecture.hiddenSize());
    Json tokenizer = json(transformer.resolve("tokenizer.json"));
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    return new SourceModel(
        folder.toString(),
        name,
        architecture,
        new BertTensors(file, architecture).read(log),
        tokenizer,
        traits(name, architecture.positions(), log));
  }

  private Traits traits(String name, int positions, Consumer<String> log) throws IOException {
    Map<String, String> prompts = new LinkedHashMap<>();
    String defaultPrompt = "";
    Optional<Json> config = find(folder.resolve("config_sentence_transformers.json"));
    if (config.isPresent()) {
      Optional<Json> stated = present(config.get(), "prompts");
      if (stated.isPresent()) {
        for (Map.Entry<String, Json> prompt : stated.get().members().entrySet()) {
          prompts.put(prompt.getKey(), prompt.getValue().asString());
        }
      }
      Optional<Json> chosen = present(config.get(), "default_prompt_name");
      defaultPrompt = chosen.isPresent() ? chosen.get().asString() : "";
    }
    return new Traits(
        name,
        modules.pooling(),
        modules.normalize(),
        Optional.of(maxTokens(positions, log)),
        prompts,
        defaultPrompt);
  }

  /** What sentence-transformers takes: its own setting, or else the tokenizer's. */
  private int maxTokens(int positions, Consumer<String> log) throws IOException {
    Path transformer = modules.transformer();
    Optional<Json> stated = setting(transformer, "sentence_bert_config.json", "max_seq_length");
    if (stated.isEmpty()) {
      stated = setting(transformer, "tokenizer_config.json", "model_max_length");
    }
    if (stated.isEmpty() || stated.get().asDouble() > positions) {
      log.accept(
          "The longest input is that of the position table: %d tokens.".formatted(positions));
      return positions;
    }
    return stated.get().asInt();
  }

  private static Optional<Json> setting(Path folder, String file, String name) throws IOException {
    Optional<Json> json = find(folder.resolve(file));
    return json.isPresent() ? present(json.get(), name) : Optional.empty();
  }

  static Optional<Json> present(Json object, String name) throws IOException {
    return object.find(name).filter(value -> !value.isNull());
  }

  static Optional<Json> find(Path file) throws IOException {
    return Files.isRegularFile(file) ? Optional.of(json(file)) : Optional.empty();
  }

  static Json json(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new ConversionException(file + " is missing.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Json.parse(file.toString(), in);
    }
  }
}
