package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Json;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The modules that {@code modules.json} of sentence-transformers lists, in its order. Without that
 * file, or with the Transformer alone in it, nothing is known of what follows the encoder. Holds
 * the weights' files open until it is closed.
 */
final class Modules implements AutoCloseable {
  private static final String SUPPORTED =
      "Transformer, then Pooling, then any of Dense, Dropout, LayerNorm and Normalize";

  /** What PyTorch's classes are called. */
  private static final Map<String, HeadActivation> ACTIVATIONS =
      new TreeMap<>(
          Map.of(
              "torch.nn.modules.activation.GELU", HeadActivation.GELU,
              "torch.nn.modules.activation.ReLU", HeadActivation.RELU,
              "torch.nn.modules.activation.SiLU", HeadActivation.SILU,
              "torch.nn.modules.activation.Sigmoid", HeadActivation.SIGMOID,
              "torch.nn.modules.activation.Tanh", HeadActivation.TANH,
              "torch.nn.modules.linear.Identity", HeadActivation.IDENTITY));

  /** Returns what PyTorch's class of an activation is called. */
  static Optional<String> className(HeadActivation activation) {
    return ACTIVATIONS.entrySet().stream()
        .filter(entry -> entry.getValue() == activation)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Loads all modules, and so all weights, whatever they are stored as. */
  static final String SAVED_ANEW = "SentenceTransformer(FOLDER).save_pretrained(NEW_FOLDER).";

  /** PyTorch's default, which the module has no setting for. */
  static final double NORM_EPSILON = 1e-5;

  private final Path folder;
  private final List<Checkpoint> checkpoints = new ArrayList<>();
  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private final List<HeadStep> steps = new ArrayList<>();
  private Path transformer;
  private TransformerConfig settings = TransformerConfig.none();
  private Optional<PoolingConfig> pooling = Optional.empty();
  private Optional<Json> firstInputs = Optional.empty();
  private int size;

  private Modules(Path folder) {
    this.folder = folder;
    this.transformer = folder;
  }

  /** Reads the modules of a model's folder. */
  static Modules read(Path folder) throws IOException {
    Modules modules = new Modules(folder);
    Optional<Json> file = HuggingFaceFolder.find(folder.resolve("modules.json"));
    if (file.isPresent()) {
      try {
        modules.read(file.get());
      } catch (IOException | RuntimeException | Error e) {
        modules.close();
        throw e;
      }
    }
    return modules;
  }

  private void read(Json file) throws IOException {
    List<Json> modules = file.items();
    List<String> kinds = new ArrayList<>();
    for (Json module : modules) {
      String type = module.get("type").asString();
      if (!type.startsWith("sentence_transformers.")) {
        throw module
            .get("type")
            .error(
                "is %s, no class of sentence-transformers: code of the model's own, which Kumiko does not run"
                    .formatted(type));
      }
      kinds.add(type.substring(type.lastIndexOf('.') + 1));
    }
    if (kinds.equals(List.of("Transformer"))) {
      takeTransformer(modules.get(0));
      return;
    }
    if (kinds.size() < 2 || !kinds.subList(0, 2).equals(List.of("Transformer", "Pooling"))) {
      throw unsupported(file, kinds);
    }
    takeTransformer(modules.get(0));
    pooling = Optional.of(new PoolingConfig(config(modules.get(1))));
    for (int i = 2; i < modules.size(); i++) {
      switch (kinds.get(i)) {
        case "Dense" -> addDense(modules.get(i));
        case "LayerNorm" -> addNorm(modules.get(i));
        case "Normalize" -> addNormalize(modules.get(i));
        case "Dropout" -> {} // Of use in training only.
        default -> throw unsupported(file, kinds);
      }
    }
  }

  private void takeTransformer(Json module) throws IOException {
    transformer = path(module);
    settings = TransformerConfig.read(transformer);
  }

  private static ConversionException unsupported(Json file, List<String> kinds) {
    return new ConversionException(
        "%s lists the modules %s; Kumiko supports %s."
            .formatted(file.source(), String.join(", ", kinds), SUPPORTED));
  }

  private void addDense(Json module) throws IOException {
    Json config = config(module);
    String part = TensorNames.headStep(steps.size());
    requireSentences(config);
    new Config(config).refuseUnless("use_residual", "false");
    requireInputs(config.get("in_features"));
    boolean bias = new Config(config).flag("bias", true);
    size = new Config(config).size("out_features");
    steps.add(new HeadStep.Dense(size, bias, activation(config)));
    addWeights(module, part, "linear", bias);
  }

  private static HeadActivation activation(Json config) throws IOException {
    Optional<Json> name = HuggingFaceFolder.present(config, "activation_function");
    if (name.isEmpty()) {
      return HeadActivation.TANH;
    }
    HeadActivation activation = ACTIVATIONS.get(name.get().asString());
    if (activation == null) {
      throw name.get()
          .error(
              "is %s; Kumiko supports %s"
                  .formatted(name.get().asString(), String.join(", ", ACTIVATIONS.keySet())));
    }
    return activation;
  }

  private void addNorm(Json module) throws IOException {
    requireInputs(config(module).get("dimension"));
    String part = TensorNames.headStep(steps.size());
    steps.add(new HeadStep.Norm(NORM_EPSILON, true));
    addWeights(module, part, "norm", true);
  }

  private void addNormalize(Json module) throws IOException {
    Optional<Json> config = HuggingFaceFolder.find(path(module).resolve("config.json"));
    if (config.isPresent()) {
      requireSentences(config.get());
    }
    steps.add(new HeadStep.Normalize());
  }

  /** Refuses a module that works on something else than the pooled vector. */
  private static void requireSentences(Json config) throws IOException {
    for (String name : List.of("module_input_name", "module_output_name")) {
      new Config(config).refuseUnless(name, "sentence_embedding");
    }
  }

  /** The first step has to fit the pooled vector, which is known when the encoder is. */
  private void requireInputs(Json stated) throws IOException {
    if (firstInputs.isEmpty()) {
      firstInputs = Optional.of(stated);
    } else {
      requireInputs(stated, size);
    }
    size = stated.asInt();
  }

  private static void requireInputs(Json stated, int given) throws IOException {
    if (stated.asInt() != given) {
      throw stated.error("is %d, the module before it gives %d".formatted(stated.asInt(), given));
    }
  }

  private void addWeights(Json module, String part, String name, boolean bias) throws IOException {
    Checkpoint checkpoint = Checkpoint.open(path(module), SAVED_ANEW);
    checkpoints.add(checkpoint);
    List<String> suffixes = bias ? List.of(".weight", ".bias") : List.of(".weight");
    for (String suffix : suffixes) {
      Tensor tensor = checkpoint.tensors().get(name + suffix);
      if (tensor == null) {
        throw new ConversionException(
            "%s: the tensor %s is missing.".formatted(checkpoint.source(), name + suffix));
      }
      String origin = checkpoint.source() + ": " + tensor.name();
      weights.put(
          part + suffix, new Weight(origin, tensor.type(), tensor.shape(), tensor.data(), false));
    }
  }

  private Path path(Json module) throws IOException {
    Path path = folder.resolve(module.get("path").asString());
    if (!path.normalize().startsWith(folder.normalize())) {
      throw module.get("path").error("is %s, outside of the model's folder".formatted(path));
    }
    return path;
  }

  private Json config(Json module) throws IOException {
    return HuggingFaceFolder.json(path(module).resolve("config.json"));
  }

  /** Returns the folder of the encoder. */
  Path transformer() {
    return transformer;
  }

  /** Returns what is stated for the encoder's module. */
  TransformerConfig settings() {
    return settings;
  }

  /** Returns whether modules say how vectors are made. */
  boolean areStated() {
    return pooling.isPresent();
  }

  /** Reads how token vectors are pooled. */
  Optional<List<Pooling>> pooling() throws IOException {
    return pooling.isPresent() ? Optional.of(pooling.get().pooling()) : Optional.empty();
  }

  boolean poolsPrompt() throws IOException {
    return pooling.isEmpty() || pooling.get().poolsPrompt();
  }

  /** Returns whether the last step is a normalisation. */
  Optional<Boolean> normalize() {
    if (!areStated()) {
      return Optional.empty();
    }
    return Optional.of(!steps.isEmpty() && steps.getLast() instanceof HeadStep.Normalize);
  }

  /** Returns the steps between pooling and the last normalisation. */
  List<HeadStep> steps() {
    boolean normalized = normalize().orElse(false);
    return normalized ? steps.subList(0, steps.size() - 1) : steps;
  }

  /** Returns the tensors of the steps by their names in Kumiko. */
  Map<String, Weight> weights() {
    return weights;
  }

  /** Checks that pooling and steps were made for vectors of this size. */
  void requireDimension(int hiddenSize) throws IOException {
    if (pooling.isPresent()) {
      pooling.get().requireDimension(hiddenSize);
    }
    if (firstInputs.isPresent()) {
      requireInputs(firstInputs.get(), pooling.get().pooling().size() * hiddenSize);
    }
  }

  @Override
  public void close() {
    checkpoints.forEach(Checkpoint::close);
  }
}
