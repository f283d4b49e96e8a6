package dev.kumiko.langchain4j;

import dev.kumiko.Reranker;
import dev.kumiko.ScoringBuilder;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Settings of a {@link KumikoScoringModel}. A model, a resource or a reranker has to be named:
 * there is no default one. Not safe for concurrent use.
 */
public final class KumikoScoringModelBuilder {
  private final ScoringBuilder<Reranker> settings = Reranker.builder();
  private Path model;
  private URL resource;
  private Reranker reranker;
  private boolean set;

  KumikoScoringModelBuilder() {}

  /**
   * Loads a model file.
   *
   * @param model a Kumiko model file of a reranker
   * @return this
   */
  public KumikoScoringModelBuilder model(Path model) {
    this.model = Objects.requireNonNull(model, "model");
    return this;
  }

  /**
   * Loads a resource.
   *
   * @param model the address of a Kumiko model, as {@code Class.getResource} returns it
   * @return this
   */
  public KumikoScoringModelBuilder model(URL model) {
    this.resource = Objects.requireNonNull(model, "model");
    return this;
  }

  /**
   * Takes a reranker that is loaded, with its own settings.
   *
   * @param reranker stays the caller's, who closes it
   * @return this
   */
  public KumikoScoringModelBuilder reranker(Reranker reranker) {
    this.reranker = Objects.requireNonNull(reranker, "reranker");
    return this;
  }

  /**
   * Sets how many threads one call uses, the caller's among them.
   *
   * @param threads at least 1; the default is the number of processors
   * @return this
   * @throws IllegalArgumentException if it is less than 1
   */
  public KumikoScoringModelBuilder threads(int threads) {
    settings.threads(threads);
    return set();
  }

  /**
   * Runs helpers on an executor.
   *
   * @param executor stays the caller's
   * @return this
   */
  public KumikoScoringModelBuilder executor(Executor executor) {
    settings.executor(executor);
    return set();
  }

  /**
   * Sets the largest number of tokens of a query with a document.
   *
   * @param maxTokens special tokens included; the default is the model's
   * @return this
   */
  public KumikoScoringModelBuilder maxTokens(int maxTokens) {
    settings.maxTokens(maxTokens);
    return set();
  }

  /**
   * Loads the model.
   *
   * @return a model, to be closed
   * @throws java.io.UncheckedIOException if it cannot be read, or is no reranker; the cause says
   *     more
   * @throws IllegalArgumentException if a setting does not fit the model
   * @throws IllegalStateException if no model or several are named, or if a reranker has settings
   *     here
   */
  public KumikoScoringModel build() {
    int models = (model == null ? 0 : 1) + (resource == null ? 0 : 1) + (reranker == null ? 0 : 1);
    if (models != 1) {
      throw new IllegalStateException(
          "name one model: a file, a resource or a reranker, not " + models + " of them");
    }
    if (reranker != null && set) {
      throw new IllegalStateException(
          "a reranker has its own settings; give them to Reranker.builder() instead");
    }
    return new KumikoScoringModel(this);
  }

  private KumikoScoringModelBuilder set() {
    set = true;
    return this;
  }

  Reranker reranker() {
    return reranker;
  }

  Reranker load() throws IOException {
    return model != null ? settings.load(model) : settings.load(resource);
  }
}
