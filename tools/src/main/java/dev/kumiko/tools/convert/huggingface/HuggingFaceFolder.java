package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.ModelSource;
import dev.kumiko.tools.convert.SourceModel;
import dev.kumiko.tools.convert.Traits;
import dev.kumiko.tools.convert.Variant;
import dev.kumiko.tools.convert.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A folder in the layout of Hugging Face's {@code transformers} and {@code sentence-transformers}.
 * Holds the weights' files open until it is closed.
 */
public final class HuggingFaceFolder implements ModelSource {
  private final Path folder;
  private final Optional<Variant> variant;
  private final Modules modules;
  private final Checkpoint checkpoint;

  private HuggingFaceFolder(
      Path folder, Optional<Variant> variant, Modules modules, Checkpoint checkpoint) {
    this.folder = folder;
    this.variant = variant;
    this.modules = modules;
    this.checkpoint = checkpoint;
  }

  /**
   * Opens a folder.
   *
   * @param variant how a bare BERT makes a text's vector
   * @throws IOException if its modules are not supported or its weights cannot be read
   */
  public static HuggingFaceFolder open(Path folder, Optional<Variant> variant) throws IOException {
    Modules modules = Modules.read(folder);
    try {
      if (variant.isPresent() && modules.areStated()) {
        throw new ConversionException(
            folder
                + " has a modules.json, which states how vectors are made: leave --variant out.");
      }
      Checkpoint checkpoint = Checkpoint.open(modules.transformer());
      return new HuggingFaceFolder(folder, variant, modules, checkpoint);
    } catch (IOException | RuntimeException | Error e) {
      modules.close();
      throw e;
    }
  }

  @Override
  public void close() {
    checkpoint.close();
    modules.close();
  }

  @Override
  public SourceModel read(Consumer<String> log) throws IOException {
    Path transformer = modules.transformer();
    Json config = json(transformer.resolve("config.json"));
    Family family = Family.of(config);
    if (variant.isPresent() && !(family instanceof Bert)) {
      throw config.get("model_type").error("is not bert: leave --variant out");
    }
    Architecture architecture = variant(family.architecture(new Config(config)));
    modules.requireDimension(architecture.hiddenSize());
    EncoderTensors tensors = new EncoderTensors(checkpoint, family, architecture);
    List<String> needed = new ArrayList<>(TensorNames.required(architecture).keySet());
    if (variant.isPresent()) {
      needed.add(TensorNames.weight(TensorNames.headStep(0)));
      needed.add(TensorNames.bias(TensorNames.headStep(0)));
    }
    Map<String, Weight> weights = tensors.take(needed);
    tensors.report(log);
    weights.putAll(modules.weights());
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    return new SourceModel(
        folder.toString(),
        name,
        architecture,
        weights,
        json(transformer.resolve("tokenizer.json")),
        traits(name, architecture, log));
  }

  private Architecture variant(Architecture a) {
    return new Architecture(
        a.family(),
        a.layers(),
        a.hiddenSize(),
        a.attentionHeads(),
        a.intermediateSize(),
        variant.map(v -> v.activation(a.activation())).orElse(a.activation()),
        a.layerNormEpsilon(),
        a.vocabularySize(),
        a.positions(),
        a.tokenTypes(),
        a.layout());
  }

  private Traits traits(String name, Architecture architecture, Consumer<String> log)
      throws IOException {
    SentenceConfig config = SentenceConfig.read(folder);
    int maxTokens = maxTokens(architecture.longestInput(), log);
    boolean lowerCase = lowerCase();
    if (variant.isPresent()) {
      HeadStep pooler = new HeadStep.Dense(architecture.hiddenSize(), true, variant.get().pooler());
      return new Traits(
          name,
          Optional.of(List.of(Pooling.CLS)),
          true,
          List.of(pooler),
          Optional.of(true),
          Optional.of(variant.get().maxTokens(maxTokens)),
          config.prompts(),
          config.defaultPrompt(),
          config.similarity(),
          lowerCase);
    }
    return new Traits(
        name,
        modules.pooling(),
        modules.poolsPrompt(),
        modules.steps(),
        modules.normalize(),
        Optional.of(maxTokens),
        config.prompts(),
        config.defaultPrompt(),
        config.similarity(),
        lowerCase);
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

  private boolean lowerCase() throws IOException {
    Optional<Json> stated =
        setting(modules.transformer(), "sentence_bert_config.json", "do_lower_case");
    return stated.isPresent() && stated.get().asBoolean();
  }

  private static Optional<Json> setting(Path folder, String file, String name) throws IOException {
    Optional<Json> json = find(folder.resolve(file));
    return json.isPresent() ? present(json.get(), name) : Optional.empty();
  }

  static Optional<Json> present(Json object, String name) throws ModelFormatException {
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
