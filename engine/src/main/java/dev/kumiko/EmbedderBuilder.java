package dev.kumiko;

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
 * Settings for an {@link Embedder}. A builder can load several; it is not safe for concurrent use.
 */
public final class EmbedderBuilder {
  private int threads = Runtime.getRuntime().availableProcessors();
  private Executor executor;
  private Integer maxTokens;
  private LongText longText = LongText.CUT;
  private Malformed malformed = Malformed.REPLACE;
  private Prompt prompt = Prompt.DEFAULT;
  private Integer truncateDim;
  private Precision precision = Precision.CLOSEST;

  EmbedderBuilder() {}

  /**
   * Sets how many threads one call of {@link Embedder#embedAll} uses, the caller's among them. The
   * default is the number of processors that the JVM may use.
   *
   * @param threads at least 1
   * @return this
   */
  public EmbedderBuilder threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    this.threads = threads;
    return this;
  }

  /**
   * Runs helpers on this executor instead of the embedder's own daemon threads. It stays the
   * caller's: closing the embedder does not shut it down. {@link #threads} still limits how many
   * work on one call.
   *
   * @param executor stays the caller's
   * @return this
   */
  public EmbedderBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  /**
   * Sets the largest number of tokens of one text, special tokens included. The default is the
   * model's; more than the model has positions for is refused on loading.
   *
   * @param maxTokens the limit, special tokens included
   * @return this
   */
  public EmbedderBuilder maxTokens(int maxTokens) {
    this.maxTokens = maxTokens;
    return this;
  }

  /**
   * Sets what happens to texts that are too long. The default is {@link LongText#CUT}.
   *
   * @param longText what to do with it
   * @return this
   */
  public EmbedderBuilder longText(LongText longText) {
    this.longText = Objects.requireNonNull(longText, "longText");
    return this;
  }

  /**
   * Sets what happens to texts that are no valid Unicode. The default is {@link Malformed#REPLACE}.
   *
   * @param malformed what to do with them
   * @return this
   */
  public EmbedderBuilder malformed(Malformed malformed) {
    this.malformed = Objects.requireNonNull(malformed, "malformed");
    return this;
  }

  /**
   * Puts one of the model's prompts, such as {@code "query"}, before every text that is embedded
   * without one. The default is the model's default prompt, if it has one.
   *
   * @param name one of the model's prompts
   * @return this
   */
  public EmbedderBuilder prompt(String name) {
    return prompt(Prompt.named(name));
  }

  /**
   * As {@link #prompt(String)}; {@link Prompt#NONE} switches the model's default prompt off.
   *
   * @param prompt what to put before each text
   * @return this
   */
  public EmbedderBuilder prompt(Prompt prompt) {
    this.prompt = Objects.requireNonNull(prompt, "prompt");
    return this;
  }

  /**
   * Keeps only the first components of each vector (Kusupati et al., Matryoshka Representation
   * Learning, arXiv 2205.13147) and normalises again if the model normalises.
   *
   * @param dimension from 1 to the model's
   * @return this
   */
  public EmbedderBuilder truncateDim(int dimension) {
    this.truncateDim = dimension;
    return this;
  }

  /**
   * Sets what a model with int8 activations is computed with. The default is {@link
   * Precision#CLOSEST}.
   *
   * @param precision which arithmetic
   * @return this
   */
  public EmbedderBuilder precision(Precision precision) {
    this.precision = Objects.requireNonNull(precision, "precision");
    return this;
  }

  /**
   * Loads a Kumiko model file.
   *
   * @param file a Kumiko model file
   * @return what was loaded, to be closed
   * @throws dev.kumiko.model.ModelFormatException if the file is not a valid model
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if a setting does not fit the model
   */
  public Embedder load(Path file) throws IOException {
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
   * @throws dev.kumiko.model.ModelFormatException if it is not a valid model
   * @throws IOException if it is not there or cannot be read
   * @throws NullPointerException if the URL is null, as that of a missing resource is
   * @throws IllegalArgumentException if a setting does not fit the model
   */
  public Embedder load(URL url) throws IOException {
    return load(ModelResource.open(url));
  }

  /**
   * Loads a Kumiko model from a stream, which is read to its end, into memory outside the Java
   * heap, and stays the caller's to close.
   *
   * @param stream the model and nothing after it
   * @param name what messages call it
   * @return what was loaded, to be closed
   * @throws dev.kumiko.model.ModelFormatException if it is not a valid model
   * @throws IOException if the stream cannot be read
   * @throws IllegalArgumentException if a setting does not fit the model
   */
  public Embedder load(InputStream stream, String name) throws IOException {
    return load(ModelResource.read(stream, name));
  }

  /**
   * Loads the model that a dependency such as {@code kumiko-all-minilm-l6-v2} brings to the class
   * path or module path: see {@link DefaultModelProvider}.
   *
   * @return what was loaded, to be closed
   * @throws IOException if there is none, there are several, or it cannot be read
   * @throws IllegalArgumentException if a setting does not fit the model
   */
  public Embedder loadDefault() throws IOException {
    return load(DefaultModel.open());
  }

  /** Loads a model from a file that is closed then. */
  Embedder load(ModelFile opened) throws IOException {
    try (ModelFile file = opened) {
      return new ModelEmbedder(file, this);
    } catch (InternalError e) {
      throw opened.unreadable(e);
    }
  }

  Workers workers() {
    return executor == null ? Workers.ofThreads(threads) : Workers.ofExecutor(executor, threads);
  }

  Precision precision() {
    return precision;
  }

  LongText longText() {
    return longText;
  }

  Malformed malformed() {
    return malformed;
  }

  int maxTokens(ModelDescription model, int specials) {
    int positions = model.architecture().longestInput();
    if (maxTokens == null) {
      return model.maxTokens();
    }
    if (maxTokens <= specials || maxTokens > positions) {
      throw new IllegalArgumentException(
          "maxTokens is %d, but %s takes from %d to %d tokens"
              .formatted(maxTokens, model.name(), specials + 1, positions));
    }
    return maxTokens;
  }

  int dimension(ModelDescription model) {
    int dimension = model.dimension();
    if (truncateDim == null) {
      return dimension;
    }
    if (truncateDim < 1 || truncateDim > dimension) {
      throw new IllegalArgumentException(
          "truncateDim is %d, but the vectors of %s have %d components"
              .formatted(truncateDim, model.name(), dimension));
    }
    return truncateDim;
  }

  Prompt prompt() {
    return prompt;
  }
}
