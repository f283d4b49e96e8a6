package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Json;
import dev.kumiko.format.Pooling;
import dev.kumiko.tools.convert.ConversionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The steps that {@code modules.json} of sentence-transformers lists. Without that file, the
 * encoder alone is known.
 */
final class Modules {
  private static final Map<String, Pooling> POOLINGS =
      new TreeMap<>(
          Map.of(
              "cls", Pooling.CLS,
              "max", Pooling.MAX,
              "mean", Pooling.MEAN,
              "mean_sqrt_len_tokens", Pooling.MEAN_SQRT_LEN));

  /** What the flags of older files are called, beside the value of {@code pooling_mode}. */
  private static final Map<String, String> FLAGS =
      Map.of(
          "pooling_mode_cls_token", "cls",
          "pooling_mode_max_tokens", "max",
          "pooling_mode_mean_tokens", "mean",
          "pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens");

  private final Path transformer;
  private final Optional<Json> poolingConfig;
  private final Optional<Pooling> pooling;
  private final Optional<Boolean> normalize;

  private Modules(Path transformer) {
    this.transformer = transformer;
    poolingConfig = Optional.empty();
    pooling = Optional.empty();
    normalize = Optional.empty();
  }

  private Modules(Path transformer, Json poolingConfig, boolean normalize) throws IOException {
    this.transformer = transformer;
    this.poolingConfig = Optional.of(poolingConfig);
    this.pooling = Optional.of(readPooling(poolingConfig));
    this.normalize = Optional.of(normalize);
  }

  /** Reads the modules of a model's folder. */
  static Modules read(Path folder) throws IOException {
    Optional<Json> file = HuggingFaceFolder.find(folder.resolve("modules.json"));
    if (file.isEmpty()) {
      return new Modules(folder);
    }
    List<Json> modules = file.get().items();
    List<String> kinds = new ArrayList<>();
    for (Json module : modules) {
      String type = module.get("type").asString();
      kinds.add(type.substring(type.lastIndexOf('.') + 1));
    }
    boolean normalize = kinds.equals(List.of("Transformer", "Pooling", "Normalize"));
    if (!normalize && !kinds.equals(List.of("Transformer", "Pooling"))) {
      throw new ConversionException(
          "%s lists the modules %s; Kumiko supports Transformer, Pooling and, if wanted, Normalize."
              .formatted(file.get().source(), String.join(", ", kinds)));
    }
    Path poolingFolder = folder.resolve(modules.get(1).get("path").asString());
    return new Modules(
        folder.resolve(modules.get(0).get("path").asString()),
        HuggingFaceFolder.json(poolingFolder.resolve("config.json")),
        normalize);
  }

  /** Returns the folder of the encoder. */
  Path transformer() {
    return transformer;
  }

  Optional<Pooling> pooling() {
    return pooling;
  }

  Optional<Boolean> normalize() {
    return normalize;
  }

  /** Checks that the pooling was made for vectors of this size. */
  void requireDimension(int hiddenSize) throws IOException {
    if (poolingConfig.isEmpty()) {
      return;
    }
    for (String name : List.of("word_embedding_dimension", "embedding_dimension")) {
      Optional<Json> dimension = HuggingFaceFolder.present(poolingConfig.get(), name);
      if (dimension.isPresent() && dimension.get().asInt() != hiddenSize) {
        throw dimension
            .get()
            .error("is %d, the encoder has %d".formatted(dimension.get().asInt(), hiddenSize));
      }
    }
  }

  private static Pooling readPooling(Json config) throws IOException {
    Optional<Json> includePrompt = HuggingFaceFolder.present(config, "include_prompt");
    if (includePrompt.isPresent() && !includePrompt.get().asBoolean()) {
      throw includePrompt
          .get()
          .error("is false; Kumiko pools over all tokens, those of a prompt included");
    }
    List<String> modes = new ArrayList<>();
    Optional<Json> single = HuggingFaceFolder.present(config, "pooling_mode");
    if (single.isPresent()) {
      modes.add(single.get().asString());
    }
    for (Map.Entry<String, Json> member : config.members().entrySet()) {
      String flag = member.getKey();
      if (flag.startsWith("pooling_mode_") && member.getValue().asBoolean()) {
        modes.add(FLAGS.getOrDefault(flag, flag.substring("pooling_mode_".length())));
      }
    }
    if (modes.size() != 1 || !POOLINGS.containsKey(modes.get(0))) {
      throw new ConversionException(
          "%s asks for the pooling %s; Kumiko supports one of %s."
              .formatted(
                  config.source(),
                  modes.isEmpty() ? "none" : String.join(" and ", modes),
                  String.join(", ", POOLINGS.keySet())));
    }
    return POOLINGS.get(modes.get(0));
  }
}
