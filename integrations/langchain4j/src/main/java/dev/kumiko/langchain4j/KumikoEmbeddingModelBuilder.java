package dev.kumiko.langchain4j;

import dev.kumiko.Embedder;
import dev.kumiko.EmbedderBuilder;
import dev.kumiko.LongText;
import dev.kumiko.Prompt;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Settings of a {@link KumikoEmbeddingModel}. Without a model, a resource or an embedder the
 * default model of the class path is loaded. Not safe for concurrent use.
 */
public final class KumikoEmbeddingModelBuilder {
  private final EmbedderBuilder settings = Embedder.builder();
  private Path model;
  private URL resource;
  private Embedder embedder;
  private String modelName;
  private boolean set;
  private List<EmbeddingModelListener> listeners = List.of();

  KumikoEmbeddingModelBuilder() {}

  /**
   * Loads a model file.
   *
   * @param model a Kumiko model file
   * @return this
   */
  public KumikoEmbeddingModelBuilder model(Path model) {
    this.model = Objects.requireNonNull(model, "model");
    return this;
  }

  /**
   * Loads a resource.
   *
   * @param model the address of a Kumiko model, as {@code Class.getResource} returns it
   * @return this
   */
  public KumikoEmbeddingModelBuilder model(URL model) {
    this.resource = Objects.requireNonNull(model, "model");
    return this;
  }

  /**
   * Takes an embedder that is loaded, with its own settings.
   *
   * @param embedder stays the caller's, who closes it
   * @return this
   */
  public KumikoEmbeddingModelBuilder embedder(Embedder embedder) {
    this.embedder = Objects.requireNonNull(embedder, "embedder");
    return this;
  }

  /**
   * Sets how many threads one call uses, the caller's among them.
   *
   * @param threads at least 1; the default is the number of processors
   * @return this
   * @throws IllegalArgumentException if it is less than 1
   */
  public KumikoEmbeddingModelBuilder threads(int threads) {
    settings.threads(threads);
    return set();
  }

  /**
   * Runs helpers on an executor.
   *
   * @param executor stays the caller's
   * @return this
   */
  public KumikoEmbeddingModelBuilder executor(Executor executor) {
    settings.executor(executor);
    return set();
  }

  /**
   * Sets the largest number of tokens of a text.
   *
   * @param maxTokens special tokens included; the default is the model's
   * @return this
   */
  public KumikoEmbeddingModelBuilder maxTokens(int maxTokens) {
    settings.maxTokens(maxTokens);
    return set();
  }

  /**
   * Sets what happens to texts that are too long.
   *
   * @param longText the default is {@link LongText#CUT}
   * @return this
   */
  public KumikoEmbeddingModelBuilder longText(LongText longText) {
    settings.longText(longText);
    return set();
  }

  /**
   * Sets the length of the vectors, unless a request asks for another.
   *
   * @param dimensions at most the model's
   * @return this
   */
  public KumikoEmbeddingModelBuilder dimensions(int dimensions) {
    settings.truncateDim(dimensions);
    return set();
  }

  /**
   * Sets what stands before texts of requests that do not say whether these are queries or
   * documents.
   *
   * @param prompt the default is the model's default prompt
   * @return this
   */
  public KumikoEmbeddingModelBuilder prompt(Prompt prompt) {
    settings.prompt(prompt);
    return set();
  }

  /**
   * Sets the name that requests may ask for, and that answers and listeners have.
   *
   * @param modelName not blank; the default is the name in the model
   * @return this
   * @throws IllegalArgumentException if it is blank
   */
  public KumikoEmbeddingModelBuilder modelName(String modelName) {
    if (modelName.isBlank()) {
      throw new IllegalArgumentException(
          "modelName is blank; leave it out for the name in the model");
    }
    this.modelName = modelName;
    return this;
  }

  /**
   * Sets who hears of requests, answers and errors.
   *
   * @param listeners copied
   * @return this
   */
  public KumikoEmbeddingModelBuilder listeners(List<EmbeddingModelListener> listeners) {
    this.listeners = List.copyOf(listeners);
    return this;
  }

  /**
   * Loads the model.
   *
   * @return a model, to be closed
   * @throws java.io.UncheckedIOException if it cannot be read; the cause says more
   * @throws IllegalArgumentException if a setting does not fit the model
   * @throws IllegalStateException if several models are named, or if an embedder has settings here
   */
  public KumikoEmbeddingModel build() {
    int models = (model == null ? 0 : 1) + (resource == null ? 0 : 1) + (embedder == null ? 0 : 1);
    if (models > 1) {
      throw new IllegalStateException(
          "name one model: a file, a resource or an embedder, not " + models + " of them");
    }
    if (embedder != null && set) {
      throw new IllegalStateException(
          "an embedder has its own settings; give them to Embedder.builder() instead");
    }
    return new KumikoEmbeddingModel(this);
  }

  private KumikoEmbeddingModelBuilder set() {
    set = true;
    return this;
  }

  Embedder embedder() {
    return embedder;
  }

  /** Returns the name that was set, or null. */
  String modelName() {
    return modelName;
  }

  List<EmbeddingModelListener> listeners() {
    return listeners;
  }

  Embedder load() throws IOException {
    if (model != null) {
      return settings.load(model);
    }
    return resource != null ? settings.load(resource) : settings.loadDefault();
  }
}
