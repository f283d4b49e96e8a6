package dev.kumiko;

import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.HeadSteps;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.ModelFormatException.Reason;
import dev.kumiko.format.TensorNames;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import dev.kumiko.tokenize.WellFormedText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Text in, vectors out.
 *
 * <pre>{@code
 * try (Embedder embedder = Embedder.loadDefault()) {
 *   float[] vector = embedder.embed("A purlin carries the rafters of a roof.").vector();
 * }
 * }</pre>
 *
 * <p>Immutable and safe for concurrent use. Every text is encoded on its own, so its vector does
 * not depend on the texts beside it. The token table stays mapped until {@link #close}; after that
 * every method that computes throws {@link IllegalStateException}.
 *
 * <p>Texts that are null throw {@link NullPointerException}; texts with a lone surrogate, which no
 * encoding can represent, throw {@link IllegalArgumentException} with its index.
 */
public final class Embedder implements AutoCloseable {
  private final ModelDescription model;
  private final Backend backend;
  private final Tokenizer tokenizer;
  private final Encoder encoder;
  private final Workers workers;
  private final EmbeddingPass.Settings settings;
  private final Workspaces workspaces;
  private final String prompt;

  /** Calls hold it for reading, {@link #close} for writing. */
  private final ReadWriteLock open = new ReentrantReadWriteLock();

  private volatile boolean closed;

  /** Reads all it needs: the file may be closed afterwards. */
  Embedder(ModelFile file, EmbedderBuilder options) throws IOException {
    this.model = ModelDescription.of(file);
    Kernels kernels = KernelChoice.kernels();
    this.backend = new Backend(kernels.name(), kernels.vectorBits());
    this.tokenizer = readTokenizer(file, model);
    this.prompt = options.promptText(model);
    int maxTokens = options.maxTokens(model, tokenizer.specials());
    int dimension = options.dimension(model);
    TensorNames.check(file, model);
    HeadSteps head = new HeadSteps(model, file, kernels);
    this.encoder = new Encoder(model.architecture(), file, kernels);
    this.settings =
        new EmbeddingPass.Settings(
            model, tokenizer, encoder, head, maxTokens, options.longText(), dimension);
    this.workspaces = new Workspaces(model.architecture());
    this.workers = options.workers();
  }

  private static Tokenizer readTokenizer(ModelFile file, ModelDescription model)
      throws IOException {
    TokenizerTables tables = TokenizerTables.read(file, model.tokenizer());
    int rows = model.architecture().vocabularySize();
    if (tables.tokens() > rows) {
      String tensor = TokenizerDescription.VOCABULARY_OFFSETS;
      throw new ModelFormatException(
          Reason.VALUE_OUT_OF_RANGE,
          "%s: %s: vocabulary has %d tokens, but the token table %d rows"
              .formatted(file.source(), tensor, tables.tokens(), rows),
          -1,
          tensor);
    }
    return Tokenizers.of(model.tokenizer(), tables);
  }

  /** Returns a builder for an embedder with other than the default settings. */
  public static EmbedderBuilder builder() {
    return new EmbedderBuilder();
  }

  /**
   * Loads a Kumiko model file with default settings.
   *
   * @throws dev.kumiko.format.ModelFormatException if the file is not a valid model; the message
   *     says what is wrong and where
   * @throws IOException if the file cannot be read
   */
  public static Embedder load(Path file) throws IOException {
    return builder().load(file);
  }

  /**
   * Loads the model that a dependency such as {@code kumiko-all-minilm-l6-v2} puts on the class
   * path, with default settings.
   *
   * @throws IOException if there is none, or it cannot be read
   */
  public static Embedder loadDefault() throws IOException {
    return builder().loadDefault();
  }

  /**
   * Embeds one text on the calling thread.
   *
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and the
   *     text is too long
   */
  public Embedding embed(String text) {
    return embedInputs(List.of(input("text", text))).getFirst();
  }

  /**
   * Embeds texts, in parallel on the embedder's threads.
   *
   * @param texts any number of texts; none gives an empty list
   * @return one embedding for each text, in the same order; a new list
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and a text
   *     is too long
   */
  public List<Embedding> embedAll(List<String> texts) {
    Objects.requireNonNull(texts, "texts is null");
    List<String> inputs = new ArrayList<>(texts.size());
    for (String text : texts) {
      inputs.add(input("texts[" + inputs.size() + "]", text));
    }
    return embedInputs(inputs);
  }

  private String input(String name, String text) {
    return prompt + WellFormedText.require(name, text);
  }

  private List<Embedding> embedInputs(List<String> inputs) {
    open.readLock().lock();
    try {
      requireOpen();
      EmbeddingPass pass = new EmbeddingPass(settings, workspaces, inputs, workers.threads());
      workers.run(pass::run, inputs.size() - 1);
      return pass.results();
    } finally {
      open.readLock().unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this embedder is closed");
    }
  }

  /** Returns the length of the vectors. */
  public int dimension() {
    return settings.dimension();
  }

  /**
   * Returns a text's tokens as they are embedded: with the prompt, cut to {@link #maxTokens()}.
   * {@link LongText} plays no part.
   */
  public Tokens tokenize(String text) {
    String input = input("text", text);
    requireOpen();
    Encoding encoding = tokenizer.encode(input, settings.maxTokens());
    List<String> tokens = new ArrayList<>(encoding.length());
    for (int id : encoding.ids()) {
      tokens.add(tokenizer.token(id));
    }
    return new Tokens(encoding.ids(), List.copyOf(tokens), encoding.truncated());
  }

  /** Returns the largest number of tokens of one text, special tokens included. */
  public int maxTokens() {
    return settings.maxTokens();
  }

  /** Returns the kernels in use. */
  public Backend backend() {
    return backend;
  }

  /** Returns the description of the model. */
  public ModelDescription model() {
    return model;
  }

  /**
   * Waits for calls that are running, unmaps the model file and ends idle threads. Embeddings
   * already returned stay valid. Closing again does nothing.
   */
  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        workers.close();
        encoder.close();
      }
    } finally {
      open.writeLock().unlock();
    }
  }
}
