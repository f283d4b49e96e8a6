package dev.kumiko;

import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.HeadSteps;
import dev.kumiko.format.Classifier;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.ModelFormatException.Reason;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.tokenize.Tokenizer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** What {@link Reranker} and {@link TextClassifier} have in common: a model that gives scores. */
final class ScoringModel implements AutoCloseable {
  private final ModelDescription model;
  private final Classifier classifier;
  private final Backend backend;
  private final ScoringPass.Settings settings;
  private final Workspaces workspaces;
  private final Workers workers;

  /** Calls hold it for reading, {@link #close} for writing. */
  private final ReadWriteLock open = new ReentrantReadWriteLock();

  private volatile boolean closed;

  /** Reads all it needs: the file may be closed afterwards. */
  ScoringModel(ModelFile file, ScoringBuilder<?> options) throws IOException {
    this.model = ModelDescription.of(file);
    this.classifier =
        model
            .classifier()
            .orElseThrow(
                () ->
                    new ModelFormatException(
                        Reason.BAD_DESCRIPTION,
                        file.source()
                            + ": "
                            + model.name()
                            + " gives embeddings, no scores; load it with Embedder"));
    TensorNames.check(file, model);
    Kernels kernels = KernelChoice.kernels();
    this.backend = new Backend(kernels.name(), kernels.vectorBits());
    Tokenizer tokenizer = Embedder.readTokenizer(file, model);
    int maxTokens = options.maxTokens(model, tokenizer.pairSpecials());
    HeadSteps head = new HeadSteps(model, file, kernels);
    Encoder encoder = new Encoder(model.architecture(), file, kernels);
    this.settings =
        new ScoringPass.Settings(model, classifier, tokenizer, encoder, head, maxTokens);
    this.workspaces = new Workspaces(model.architecture());
    this.workers = options.workers();
  }

  /** Scores texts or pairs in parallel: {@code [inputs][labels]} in their order. */
  float[][] score(List<ScoringPass.Input> inputs) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("this model is closed");
      }
      ScoringPass pass = new ScoringPass(settings, workspaces, inputs);
      workers.run(pass::run, inputs.size() - 1);
      settings.encoder().requireUnchanged();
      return pass.results();
    } catch (InternalError e) {
      settings.encoder().requireUnchanged(); // what was cut off a mapped file
      throw e;
    } finally {
      open.readLock().unlock();
    }
  }

  ModelDescription model() {
    return model;
  }

  Classifier classifier() {
    return classifier;
  }

  Backend backend() {
    return backend;
  }

  int maxTokens() {
    return settings.maxTokens();
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        workers.close();
        settings.encoder().close();
      }
    } finally {
      open.writeLock().unlock();
    }
  }
}
