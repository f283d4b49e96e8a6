package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.Json;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.TensorNames;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.JsonFile;
import dev.kumiko.tools.convert.ModelSource;
import dev.kumiko.tools.convert.SourceModel;
import dev.kumiko.tools.convert.Traits;
import dev.kumiko.tools.convert.Variant;
import dev.kumiko.tools.convert.Weight;
import dev.kumiko.tools.convert.vocabulary.TokenizerFolder;
import java.io.IOException;
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
  private final ConversionOptions options;
  private final Modules modules;
  private final Checkpoint checkpoint;

  private HuggingFaceFolder(
      Path folder, ConversionOptions options, Modules modules, Checkpoint checkpoint) {
    this.folder = folder;
    this.options = options;
    this.modules = modules;
    this.checkpoint = checkpoint;
  }

  /**
   * Opens a folder.
   *
   * @param options what the user states, which decides what an encoder's head is
   * @throws IOException if its modules are not supported or its weights cannot be read
   */
  public static HuggingFaceFolder open(Path folder, ConversionOptions options) throws IOException {
    Modules modules = Modules.read(folder);
    try {
      if (options.variant().isPresent() && modules.areStated()) {
        throw new ConversionException(
            folder
                + " has a modules.json, which states how vectors are made: leave --variant out.");
      }
      Checkpoint checkpoint = Checkpoint.open(modules.transformer(), savedAnew(modules));
      return new HuggingFaceFolder(folder, options, modules, checkpoint);
    } catch (IOException | RuntimeException | Error e) {
      modules.close();
      throw e;
    }
  }

  /** A classifier loaded as a mere encoder would lose its head. */
  private static String savedAnew(Modules modules) throws IOException {
    if (modules.areStated()) {
      return Modules.SAVED_ANEW;
    }
    Optional<Json> config = find(modules.transformer().resolve("config.json"));
    boolean classifies = config.isPresent() && Labels.areIn(new Config(config.get()));
    return (classifies ? "AutoModelForSequenceClassification" : "AutoModel")
        + ".from_pretrained(FOLDER).save_pretrained(FOLDER).";
  }

  @Override
  public void close() {
    checkpoint.close();
    modules.close();
  }

  @Override
  public SourceModel read(Consumer<String> log) throws IOException {
    TransformerConfig settings = modules.settings();
    Json stated = json(modules.transformer().resolve("config.json"));
    Family family = Families.of(stated);
    ForeignWeights.refuse(checkpoint);
    Config config = Config.of(stated.with(settings.modelConfigArguments()), family);
    config.refuseOwnCode("AutoConfig", "AutoModel", "AutoModelForSequenceClassification");
    config.refuseOtherEncoders(family);
    refuseAdapter();
    Architecture architecture = architecture(config, family);
    modules.requireDimension(architecture.hiddenSize());
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    Traits traits = traits(name, settings, architecture.longestInput(), log);
    if (family instanceof Dpr) {
      traits = Dpr.completed(traits);
    }
    TensorSources sources = family.sources(architecture);
    List<String> needed = new ArrayList<>(TensorNames.required(architecture).keySet());
    Optional<ClassifierHead> head = head(config, family);
    if (head.isPresent()) {
      head.get().addTo(sources);
      traits = withHead(traits, head.get(), config);
      needed.addAll(TensorNames.head(traits.steps(), architecture.hiddenSize()).keySet());
    }
    EncoderTensors tensors = new EncoderTensors(checkpoint, family, architecture, sources);
    Map<String, Weight> weights = tensors.take(needed);
    tensors.report(log);
    weights.putAll(modules.weights());
    Json tokenizer =
        TokenizerFolder.read(
            modules.transformer(), config.json(), settings.tokenizerArguments(), log);
    return new SourceModel(folder.toString(), name, architecture, weights, tokenizer, traits);
  }

  /** transformers adds what it finds there to the weights. */
  private void refuseAdapter() throws ConversionException {
    Path adapter = modules.transformer().resolve("adapter_config.json");
    if (Files.exists(adapter)) {
      throw new ConversionException(
          adapter
              + ": is an adapter, which Kumiko does not add to the weights; merge it with peft's"
              + " merge_and_unload(), and save the model anew.");
    }
  }

  private Architecture architecture(Config config, Family family) throws IOException {
    Architecture stated = family.architecture(config);
    if (options.variant().isEmpty()) {
      return stated;
    }
    if (!(family instanceof Bert)) {
      throw config.json().get("model_type").error("is not bert: leave --variant out");
    }
    return stated.withActivation(options.variant().get().activation(stated.activation()));
  }

  /** What stands behind the encoder in the checkpoint itself, if that is wanted. */
  private Optional<ClassifierHead> head(Config config, Family family) throws IOException {
    if (options.variant().isPresent()) {
      HeadActivation pooler = options.variant().get().pooler();
      int size = config.size("hidden_size");
      return Optional.of(new ClassifierHead(Pooling.CLS).dense("pooler.dense", size, pooler));
    }
    boolean isEncoder = modules.areStated() || options.pooling().isPresent();
    if (isEncoder || !Labels.areIn(config)) {
      return Optional.empty();
    }
    if (family instanceof Bert) {
      requireTokenTypes();
    }
    int labels = Labels.read(config, folder).labels().size();
    return Optional.of(family.classifierHead(config, labels));
  }

  /** Of a pair, the second text has another token type, unless the tokenizer is told otherwise. */
  private void requireTokenTypes() throws IOException {
    Optional<Json> inputs =
        setting(modules.transformer(), "tokenizer_config.json", "model_input_names");
    if (inputs.isEmpty()) {
      return;
    }
    for (Json name : inputs.get().items()) {
      if (name.asString().equals("token_type_ids")) {
        return;
      }
    }
    throw inputs.get().error("lacks token_type_ids; Kumiko scores pairs with token types only");
  }

  private Traits traits(
      String name, TransformerConfig settings, int positions, Consumer<String> log)
      throws IOException {
    SentenceConfig config = SentenceConfig.read(folder, modules.areStated());
    return new Traits(
        name,
        modules.pooling(),
        modules.poolsPrompt(),
        modules.steps(),
        modules.normalize(),
        Optional.of(maxTokens(settings, positions, log)),
        config.prompts(),
        config.defaultPrompt(),
        config.similarity(),
        settings.lowerCase(),
        Optional.empty());
  }

  private Traits withHead(Traits traits, ClassifierHead head, Config config) throws IOException {
    Optional<Variant> variant = options.variant();
    int stated = traits.maxTokens().orElseThrow();
    return new Traits(
        traits.name(),
        Optional.of(List.of(head.pooling())),
        true,
        head.steps(),
        Optional.of(variant.isPresent()),
        Optional.of(variant.isPresent() ? variant.get().maxTokens(stated) : stated),
        traits.prompts(),
        traits.defaultPrompt(),
        traits.similarity(),
        traits.lowerCase(),
        variant.isPresent() ? Optional.empty() : Optional.of(Labels.read(config, folder)));
  }

  /** What sentence-transformers takes: its own setting, or else the tokenizer's. */
  private int maxTokens(TransformerConfig settings, int positions, Consumer<String> log)
      throws IOException {
    Optional<Json> stated = settings.maxTokens();
    for (String name : List.of("model_max_length", "max_len")) {
      if (stated.isEmpty()) {
        stated = setting(modules.transformer(), "tokenizer_config.json", name);
      }
    }
    if (stated.isEmpty() || stated.get().asDouble() > positions) {
      log.accept(
          "The longest input is that of the position table: %d tokens.".formatted(positions));
      return positions;
    }
    return stated.get().asInt();
  }

  static Optional<Json> setting(Path folder, String file, String name) throws IOException {
    Optional<Json> json = find(folder.resolve(file));
    return json.isPresent() ? present(json.get(), name) : Optional.empty();
  }

  static Optional<Json> present(Json object, String name) throws ModelFormatException {
    return JsonFile.present(object, name);
  }

  static Optional<Json> find(Path file) throws IOException {
    return JsonFile.find(file);
  }

  static Json json(Path file) throws IOException {
    return JsonFile.read(file);
  }
}
