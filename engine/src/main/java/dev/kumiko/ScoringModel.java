package dev.kumiko;

import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.HeadSteps;
import dev.kumiko.format.Classifier;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import dev.kumiko.parallel.Workers;
import dev.kumiko.tokenize.Tokenizer;
import java.io.IOException;
import java.util.List;

/** What {@link Reranker} and {@link TextClassifier} have in common: a model that gives scores. */
final class ScoringModel implements AutoCloseable {
  private final ModelDescription model;
  private final Classifier classifier;
  private final Precision precision;
  private final Kernels kernels;
  private final ParallelEncoder encoder;
  private final ScoringWork.Settings settings;

  /** Reads all it needs: the file may be closed afterwards. */
  ScoringModel(ModelFile file, ScoringBuilder<?> options) throws IOException {
    this.model = ModelDescription.of(file);
    if (model.classifier().isEmpty()) {
      throw new ModelFormatException(
          Reason.BAD_DESCRIPTION,
          "%s: %s gives embeddings, no scores; load it with Embedder"
              .formatted(file.source(), model.name()));
    }
    this.classifier = options.classifier(model.classifier().get());
    TensorNames.check(file, model);
    this.precision = options.precision();
    Workers workers = options.workers();
    try (TokenizerLoading loading = TokenizerLoading.start(file, model)) {
      this.kernels = KernelChoice.kernels();
      HeadSteps head = new HeadSteps(model, file, kernels);
      Encoder layers =
          new Encoder(
              model.architecture(), file, kernels, precision.hasInt8Activations(model, kernels));
      try {
        Tokenizer tokenizer = loading.tokenizer();
        int maxTokens = options.maxTokens(model, tokenizer.pairSpecials());
        this.settings = new ScoringWork.Settings(model, classifier, tokenizer, head, maxTokens);
        Prompt.requireRoom(prompt(), tokenizer, maxTokens, model);
        this.encoder = new ParallelEncoder("model", model.architecture(), layers, workers);
      } catch (IOException | RuntimeException | Error e) {
        layers.close();
        throw e;
      }
    }
  }

  /** Scores texts or pairs in parallel. */
  ScoringWork score(List<ScoringWork.Pair> pairs) {
    ScoringWork work = new ScoringWork(settings, pairs);
    encoder.run(work);
    return work;
  }

  /** Returns how many tokens an input has, those that are cut, too. */
  int countTokens(ScoringWork.Pair input) {
    encoder.requireOpen();
    return settings.encode(input, Integer.MAX_VALUE).ids().length;
  }

  /** Returns what stands before the first text of every input: the default prompt, if any. */
  String prompt() {
    return model.prompts().getOrDefault(model.defaultPrompt(), "");
  }

  ModelDescription model() {
    return model;
  }

  Classifier classifier() {
    return classifier;
  }

  Backend backend() {
    return Backend.of(kernels, precision.hasInt8Activations(model, kernels));
  }

  int maxTokens() {
    return settings.maxTokens();
  }

  @Override
  public void close() {
    encoder.close();
  }
}
