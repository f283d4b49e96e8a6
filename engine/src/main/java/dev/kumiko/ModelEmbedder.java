package dev.kumiko;

import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.HeadSteps;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SpecialTokens.Piece;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import dev.kumiko.parallel.Workers;
import dev.kumiko.tokenize.OffsetEncoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.WellFormedText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The embedder of a model file. */
final class ModelEmbedder implements Embedder {
  private final ModelDescription model;
  private final Precision precision;
  private final Kernels kernels;
  private final Tokenizer tokenizer;
  private final ParallelEncoder encoder;
  private final EmbeddingWork.Settings settings;
  private final Prompt prompt;
  private final Malformed malformed;

  /** The last prompt for which there is room, so that calls that have the same do not count it. */
  private volatile String checkedPrompt = "";

  /** Reads all it needs: the file may be closed afterwards. */
  ModelEmbedder(ModelFile file, EmbedderBuilder options) throws IOException {
    this.model = ModelDescription.of(file);
    if (model.classifier().isPresent()) {
      throw new ModelFormatException(
          Reason.BAD_DESCRIPTION,
          "%s: %s gives scores for %s, no embeddings; load it with Reranker or TextClassifier"
              .formatted(file.source(), model.name(), model.classifier().get().labels()));
    }
    TensorNames.check(file, model);
    this.precision = options.precision();
    this.prompt = options.prompt();
    this.malformed = options.malformed();
    prompt.text(model);
    int dimension = options.dimension(model);
    Workers workers = options.workers();
    try (TokenizerLoading loading = TokenizerLoading.start(file, model)) {
      this.kernels = KernelChoice.kernels();
      HeadSteps head = new HeadSteps(model, file, kernels);
      Encoder layers =
          new Encoder(
              model.architecture(), file, kernels, precision.hasInt8Activations(model, kernels));
      try {
        this.tokenizer = loading.tokenizer();
        int maxTokens = options.maxTokens(model, tokenizer.specials());
        this.settings =
            new EmbeddingWork.Settings(
                model, tokenizer, head, maxTokens, options.longText(), dimension);
        requireRoom(promptText(prompt));
        this.encoder = new ParallelEncoder("embedder", model.architecture(), layers, workers);
      } catch (IOException | RuntimeException | Error e) {
        layers.close();
        throw e;
      }
    }
  }

  @Override
  public Embeddings embedInputs(List<? extends Input> inputs, EmbedOptions options) {
    Objects.requireNonNull(inputs, "inputs is null");
    Objects.requireNonNull(options, "options is null");
    String before = promptText(options.prompt().orElse(prompt));
    int dimension = dimension(options);
    InputReader reader =
        new InputReader(before, malformed, model.vocabularySize(), settings.maxTokens());
    if (options.prompt().isPresent() && !before.isEmpty()) {
      refuseIds(inputs);
    }
    List<InputTokens> tokens = reader.read(inputs);
    encoder.requireOpen();
    requireRoom(before);
    ProgressCount progress = new ProgressCount(options.progress(), tokens.size());
    EmbeddingWork work =
        new EmbeddingWork(settings, tokens, skipped(before), skipped(""), dimension, progress);
    encoder.run(work);
    return work.results();
  }

  private static void refuseIds(List<? extends Input> inputs) {
    int index = 0;
    for (Input input : inputs) {
      if (input instanceof Input.TokenIds) {
        throw new IllegalArgumentException(
            "input %d is token ids, which no prompt can be put before; put the prompt's own ids there"
                .formatted(index));
      }
      index++;
    }
  }

  private int dimension(EmbedOptions options) {
    int dimension = options.dimension().orElse(settings.dimension());
    if (dimension > model.dimension()) {
      throw new IllegalArgumentException(
          "dimension is %d, but the vectors of %s have %d components"
              .formatted(dimension, model.name(), model.dimension()));
    }
    return dimension;
  }

  private String promptText(Prompt chosen) {
    Objects.requireNonNull(chosen, "prompt is null");
    return WellFormedText.require("prompt", chosen.text(model));
  }

  private void requireRoom(String before) {
    if (!before.equals(checkedPrompt)) {
      Prompt.requireRoom(before, tokenizer, settings.maxTokens(), model);
      checkedPrompt = before;
    }
  }

  /** Returns how many tokens of each text are not pooled: a prompt's, if the model says so. */
  private int skipped(String before) {
    boolean fromText = model.head().poolsFromText();
    if (before.isEmpty()) {
      return fromText ? model.tokenizer().specialTokens().before() : 0;
    }
    if (model.head().poolPrompt() && !fromText) {
      return 0;
    }
    int tokens = tokenizer.encode(before, settings.maxTokens()).length();
    List<Piece> pieces = model.tokenizer().specialTokens().single();
    return pieces.getLast().kind() == SpecialTokens.Kind.TOKEN ? tokens - 1 : tokens;
  }

  @Override
  public int dimension() {
    return settings.dimension();
  }

  @Override
  public Prompt prompt() {
    return prompt;
  }

  @Override
  public Tokens tokenize(String text, Prompt prompt, int maxTokens) {
    String before = promptText(prompt);
    String input = before.concat(malformed.repair("text", text).text());
    encoder.requireOpen();
    OffsetEncoding encoding = tokenizer.encodeWithOffsets(input, maxTokens);
    List<String> tokens = new ArrayList<>(encoding.length());
    for (int id : encoding.encoding().ids()) {
      tokens.add(tokenizer.token(id));
    }
    return new Tokens(encoding, List.copyOf(tokens), before.length());
  }

  @Override
  public int countTokens(String text, Prompt prompt) {
    String input = promptText(prompt).concat(malformed.repair("text", text).text());
    encoder.requireOpen();
    return tokenizer.count(input);
  }

  @Override
  public int maxTokens() {
    return settings.maxTokens();
  }

  @Override
  public Backend backend() {
    return Backend.of(kernels, precision.hasInt8Activations(model, kernels));
  }

  @Override
  public ModelDescription model() {
    return model;
  }

  @Override
  public void close() {
    encoder.close();
  }
}
