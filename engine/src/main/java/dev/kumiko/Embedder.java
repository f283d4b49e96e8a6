package dev.kumiko;

import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.HeadSteps;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.ModelFormatException.Reason;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SpecialTokens.Piece;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.parallel.Workers;
import dev.kumiko.tokenize.OffsetEncoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.WellFormedText;
import dev.kumiko.tokenize.WellFormedText.Repaired;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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
 * not depend on the texts beside it. The token table stays mapped until {@link #close}, or until
 * nobody refers to the embedder any more; after closing every method that computes throws {@link
 * IllegalStateException}.
 *
 * <p>Any number of threads may call, virtual ones too. Not many more calls are computed at a time
 * than the embedder has threads, so that memory does not follow the number of callers; the others
 * wait in the order in which they came, and a call with many texts lets others have their turn in
 * between. A call on a thread that is interrupted, before or during the call, ends soon with a
 * {@link java.util.concurrent.CancellationException} and no results; the thread stays interrupted.
 *
 * <p>A model file must not be written to in place as long: replace it by renaming a new file over
 * it, as Kumiko's own commands do, and the embedder goes on with the old one. If the file has been
 * written to, or was touched, every call from then on throws {@link ModelChangedException} instead
 * of giving vectors of half a model; load the file again.
 *
 * <p>A model whose weights are damaged so that a vector is not finite throws {@link
 * UnusableModelException} in its place.
 *
 * <p>Texts that are null throw {@link NullPointerException}. Half of a surrogate pair, which is no
 * valid Unicode, is read as U+FFFD, unless {@link EmbedderBuilder#malformed} asks for an error.
 */
public final class Embedder implements AutoCloseable {
  private final ModelDescription model;
  private final Precision precision;
  private final Kernels kernels;
  private final Tokenizer tokenizer;
  private final ParallelEncoder encoder;
  private final EmbeddingWork.Settings settings;
  private final Prompt prompt;
  private final Malformed malformed;

  /** Reads all it needs: the file may be closed afterwards. */
  Embedder(ModelFile file, EmbedderBuilder options) throws IOException {
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
        this.encoder = new ParallelEncoder("embedder", model.architecture(), layers, workers);
      } catch (IOException | RuntimeException | Error e) {
        layers.close();
        throw e;
      }
    }
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
   * Embeds one text on the embedder's threads, with the prompt the embedder was built with or else
   * the model's default prompt, if it has one.
   *
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and the
   *     text is too long
   */
  public Embedding embed(String text) {
    return embed(text, prompt);
  }

  /**
   * Embeds one text with a prompt before it, on the embedder's threads.
   *
   * @throws IllegalArgumentException if the model has no such prompt
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and the
   *     text is too long
   */
  public Embedding embed(String text, Prompt prompt) {
    return embedInputs(List.of(wellFormed("text", text)), prompt).getFirst();
  }

  /**
   * Embeds texts, in parallel on the embedder's threads, with the prompt of {@link #embed(String)}.
   *
   * @param texts any number of texts; none gives an empty list
   * @return one embedding for each text, in the same order; a new list
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and a text
   *     is too long
   */
  public List<Embedding> embedAll(List<String> texts) {
    return embedAll(texts, prompt);
  }

  /**
   * Embeds texts, each with a prompt before it, in parallel on the embedder's threads.
   *
   * @param texts any number of texts; none gives an empty list
   * @return one embedding for each text, in the same order; a new list
   * @throws IllegalArgumentException if the model has no such prompt
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and a text
   *     is too long
   */
  public List<Embedding> embedAll(List<String> texts, Prompt prompt) {
    Objects.requireNonNull(texts, "texts is null");
    List<Repaired> checked = new ArrayList<>(texts.size());
    for (String text : texts) {
      checked.add(wellFormed("texts[" + checked.size() + "]", text));
    }
    return embedInputs(checked, prompt);
  }

  private Repaired wellFormed(String name, String text) {
    return malformed == Malformed.REPLACE
        ? WellFormedText.repair(name, text)
        : new Repaired(WellFormedText.require(name, text), 0);
  }

  private List<Embedding> embedInputs(List<Repaired> texts, Prompt chosen) {
    String before = promptText(chosen);
    List<Repaired> inputs =
        texts.stream()
            .map(text -> new Repaired(before.concat(text.text()), text.replacements()))
            .toList();
    encoder.requireOpen();
    EmbeddingWork work = new EmbeddingWork(settings, inputs, skipped(before));
    encoder.run(work);
    return work.results();
  }

  private String promptText(Prompt chosen) {
    Objects.requireNonNull(chosen, "prompt is null");
    return WellFormedText.require("prompt", chosen.text(model));
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

  /** Returns how alike two vectors are, as the model compares them; more is more alike. */
  public double similarity(Embedding a, Embedding b) {
    return a.similarity(model.similarity(), b);
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
    return tokenize(text, prompt);
  }

  /** Returns the tokens of a text that is embedded with a prompt, as {@link #tokenize(String)}. */
  public Tokens tokenize(String text, Prompt prompt) {
    return tokenize(text, prompt, settings.maxTokens());
  }

  /**
   * Returns the tokens of a text, cut to a number of one's own.
   *
   * @param maxTokens the most tokens, special tokens and prompt included; {@link Integer#MAX_VALUE}
   *     for all there are, however many the model takes
   * @throws IllegalArgumentException if {@code maxTokens} leaves no room for the special tokens, or
   *     if the model has no such prompt
   */
  public Tokens tokenize(String text, Prompt prompt, int maxTokens) {
    String before = promptText(prompt);
    String input = before.concat(wellFormed("text", text).text());
    encoder.requireOpen();
    OffsetEncoding encoding = tokenizer.encodeWithOffsets(input, maxTokens);
    List<String> tokens = new ArrayList<>(encoding.length());
    for (int id : encoding.encoding().ids()) {
      tokens.add(tokenizer.token(id));
    }
    return new Tokens(encoding, List.copyOf(tokens), before.length());
  }

  /**
   * Returns how many tokens a text has, those beyond {@link #maxTokens()} too, with special tokens
   * and the prompt of {@link #embed(String)}.
   */
  public int countTokens(String text) {
    return countTokens(text, prompt);
  }

  /** Returns how many tokens a text has with a prompt, as {@link #countTokens(String)}. */
  public int countTokens(String text, Prompt prompt) {
    String input = promptText(prompt).concat(wellFormed("text", text).text());
    encoder.requireOpen();
    return tokenizer.count(input);
  }

  /** Returns the largest number of tokens of one text, special tokens included. */
  public int maxTokens() {
    return settings.maxTokens();
  }

  /** Returns the kernels that compute now, and why plain Java if it does. */
  public Backend backend() {
    return Backend.of(kernels, precision.hasInt8Activations(model, kernels));
  }

  /** Returns the description of the model. */
  public ModelDescription model() {
    return model;
  }

  /**
   * Waits for calls that are running or wait for their turn, unmaps the model file and ends idle
   * threads. Embeddings already returned stay valid. Closing again does nothing.
   *
   * <p>Does not wait if the calling thread is interrupted, or is itself in a call of this embedder,
   * as an executor's may be: the last call then unmaps the file.
   */
  @Override
  public void close() {
    encoder.close();
  }
}
