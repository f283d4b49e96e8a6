package dev.kumiko;

import dev.kumiko.format.Classifier;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.parallel.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Settings for a {@link Reranker} or a {@link TextClassifier}. A builder can load several; it is
 * not safe for concurrent use.
 *
 * @param <T> what it loads
 */
public final class ScoringBuilder<T> {
  /** Makes a {@code T} of a model. */
  interface Maker<T> {
    T make(ScoringModel model) throws IOException;
  }

  private final Maker<T> maker;
  private int threads = Runtime.getRuntime().availableProcessors();
  private Executor executor;
  private Integer maxTokens;
  private Precision precision = Precision.CLOSEST;
  private boolean raw;

  ScoringBuilder(Maker<T> maker) {
    this.maker = maker;
  }

  /**
   * Sets how many threads one call uses, the caller's among them. The default is the number of
   * processors that the JVM may use.
   *
   * @param threads at least 1
   * @return this
   */
  public ScoringBuilder<T> threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    this.threads = threads;
    return this;
  }

  /**
   * Runs helpers on this executor instead of daemon threads of the model's own. It stays the
   * caller's. {@link #threads} still limits how many work on one call.
   *
   * @param executor stays the caller's
   * @return this
   */
  public ScoringBuilder<T> executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * Sets the largest number of tokens of a text or pair, special tokens included. The default is
   * the model's; more than the model has positions for is refused on loading.
   *
   * @param maxTokens the limit, special tokens included
   * @return this
   */
  public ScoringBuilder<T> maxTokens(int maxTokens) {
    this.maxTokens = maxTokens;
    return this;
  }

  /**
   * Sets what a model with int8 activations is computed with. The default is {@link
   * Precision#CLOSEST}.
   *
   * @param precision which arithmetic
   * @return this
   */
  public ScoringBuilder<T> precision(Precision precision) {
    this.precision = Objects.requireNonNull(precision, "precision");
    return this;
  }

  /**
   * Gives the model's results as they are (logits), without the function that makes scores of them.
   *
   * @return this
   */
  public ScoringBuilder<T> rawScores() {
    this.raw = true;
    return this;
  }

  /**
   * Loads a Kumiko model file.
   *
   * @param file a Kumiko model file
   * @return what was loaded, to be closed
   * @throws dev.kumiko.model.ModelFormatException if the file is not a valid model, or gives
   *     embeddings
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if a setting does not fit the model
   */
  public T load(Path file) throws IOException {
    return load(ModelFile.open(Objects.requireNonNull(file, "file")));
  }

  /**
   * Loads a Kumiko model from where a URL says it lies, such as a resource of the class path:
   * {@code load(MyApp.class.getResource("/model.safetensors"))}. A file, an uncompressed entry of a
   * JAR and one of a JAR in Spring Boot's JAR are mapped where they lie; anything else is read
   * once, whole, into memory outside the Java heap.
   *
   * @param url the address of a Kumiko model
   * @return what was loaded, to be closed
   * @throws dev.kumiko.model.ModelFormatException if it is not a valid model, or gives embeddings
   * @throws IOException if it is not there or cannot be read
   * @throws NullPointerException if the URL is null, as that of a missing resource is
   * @throws IllegalArgumentException if a setting does not fit the model
   */
  public T load(URL url) throws IOException {
    return load(ModelResource.open(url));
  }

  /**
   * Loads a Kumiko model from a stream, which is read to its end, into memory outside the Java
   * heap, and stays the caller's to close.
   *
   * @param stream the model and nothing after it
   * @param name what messages call it
   * @return what was loaded, to be closed
   * @throws dev.kumiko.model.ModelFormatException if it is not a valid model, or gives embeddings
   * @throws IOException if the stream cannot be read
   * @throws IllegalArgumentException if a setting does not fit the model
   */
  public T load(InputStream stream, String name) throws IOException {
    return load(ModelResource.read(stream, name));
  }

  /** Loads a model from a file that is closed then. */
  T load(ModelFile opened) throws IOException {
    try (ModelFile file = opened) {
      ScoringModel model = new ScoringModel(file, this);
      try {
        return maker.make(model);
      } catch (IOException | RuntimeException | Error e) {
        model.close();
        throw e;
      }
    } catch (InternalError e) {
      throw opened.unreadable(e);
    }
  }

  Classifier classifier(Classifier of) {
    return raw ? new Classifier(of.labels(), Classifier.ScoreFunction.IDENTITY) : of;
  }

  Precision precision() {
    return precision;
  }

  Workers workers() {
    return executor == null ? Workers.ofThreads(threads) : Workers.ofExecutor(executor, threads);
  }

  int maxTokens(ModelDescription model, int specials) {
    int positions = model.architecture().longestInput();
    int tokens = maxTokens == null ? model.maxTokens() : maxTokens;
    if (tokens <= specials || tokens > positions) {
      throw new IllegalArgumentException(
          "maxTokens is %d, but %s takes pairs from %d to %d tokens"
              .formatted(tokens, model.name(), specials + 1, positions));
    }
    return tokens;
  }
}
