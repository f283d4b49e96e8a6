package dev.kumiko;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Text in, vectors out.
 *
 * <pre>{@code
 * try (Embedder embedder = Embedder.loadDefault()) {
 *   float[] vector = embedder.embed("A purlin carries the rafters of a roof.").vector();
 * }
 * }</pre>
 *
 * <p>What is loaded here is immutable and safe for concurrent use. Every text is encoded on its
 * own, so its vector does not depend on the texts beside it. The token table stays mapped until
 * {@link #close}, or until nobody refers to the embedder any more; after closing every method that
 * computes throws {@link IllegalStateException}.
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
 *
 * <p>An application may put an implementation of its own in its place, such as one that keeps
 * vectors, or a fake in its tests: those methods that are not abstract do their work through the
 * abstract ones, {@link Prompt#text} says what a prompt puts before a text, and {@link Tokens},
 * {@link Embedding} and {@link Embeddings} can be constructed. New methods will never be abstract.
 */
public interface Embedder extends AutoCloseable {
  /** {@return a builder for an embedder with other than the default settings} */
  static EmbedderBuilder builder() {
    RequiredJava.check();
    return new EmbedderBuilder();
  }

  /**
   * Loads a Kumiko model file with default settings.
   *
   * @param file the model file
   * @return an embedder, to be closed
   * @throws ModelFormatException if the file is not a valid model; the message says what is wrong
   *     and where
   * @throws IOException if the file cannot be read
   */
  static Embedder load(Path file) throws IOException {
    return builder().load(file);
  }

  /**
   * Loads a Kumiko model from a resource or another address, with default settings.
   *
   * @param model its address, such as {@code MyApplication.class.getResource("model.safetensors")};
   *     what lies in a file, or uncompressed in a JAR, is mapped, anything else is copied
   * @return an embedder, to be closed
   * @throws ModelFormatException if it is not a valid model
   * @throws IOException if it cannot be read
   */
  static Embedder load(URL model) throws IOException {
    return builder().load(model);
  }

  /**
   * Loads a Kumiko model from a stream, with default settings. All of it is kept in memory.
   *
   * @param stream read to its end, and left open
   * @param name what messages call it
   * @return an embedder, to be closed
   * @throws ModelFormatException if it is not a valid model
   * @throws IOException if it cannot be read
   */
  static Embedder load(InputStream stream, String name) throws IOException {
    return builder().load(stream, name);
  }

  /**
   * Loads the model that a dependency such as {@code kumiko-all-minilm-l6-v2} brings along, with
   * default settings.
   *
   * @return an embedder, to be closed
   * @throws IOException if there is none, or more than one, or it cannot be read
   */
  static Embedder loadDefault() throws IOException {
    return builder().loadDefault();
  }

  /**
   * Embeds one text on the embedder's threads, with {@link #prompt()} before it.
   *
   * @param text any text, the empty one too
   * @return the embedding
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and the
   *     text is too long
   */
  default Embedding embed(String text) {
    return embed(text, EmbedOptions.DEFAULT);
  }

  /**
   * Embeds one text with a prompt before it, on the embedder's threads.
   *
   * @param text any text, the empty one too
   * @param prompt what stands before it
   * @return the embedding
   * @throws IllegalArgumentException if the model has no such prompt
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and the
   *     text is too long
   */
  default Embedding embed(String text, Prompt prompt) {
    return embed(text, EmbedOptions.DEFAULT.withPrompt(prompt));
  }

  /**
   * Embeds one text with options of its own.
   *
   * @param text any text, the empty one too
   * @param options what is otherwise than the embedder was built
   * @return the embedding
   * @throws IllegalArgumentException if the model has no such prompt or dimension
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and the
   *     text is too long
   */
  default Embedding embed(String text, EmbedOptions options) {
    return embedInputs(List.of(Input.of(text)), options).get(0); // Java 17 compiles this
  }

  /**
   * Embeds texts, in parallel on the embedder's threads, with {@link #prompt()} before each.
   *
   * @param texts any number of texts; none gives an empty list
   * @return one embedding for each text, in the same order
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and a text
   *     is too long
   */
  default Embeddings embedAll(List<String> texts) {
    return embedAll(texts, EmbedOptions.DEFAULT);
  }

  /**
   * Embeds texts, each with a prompt before it, in parallel on the embedder's threads.
   *
   * @param texts any number of texts; none gives an empty list
   * @param prompt what stands before each
   * @return one embedding for each text, in the same order
   * @throws IllegalArgumentException if the model has no such prompt
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and a text
   *     is too long
   */
  default Embeddings embedAll(List<String> texts, Prompt prompt) {
    return embedAll(texts, EmbedOptions.DEFAULT.withPrompt(prompt));
  }

  /**
   * Embeds texts with options of their own, in parallel on the embedder's threads.
   *
   * @param texts any number of texts; none gives an empty list
   * @param options what is otherwise than the embedder was built
   * @return one embedding for each text, in the same order
   * @throws IllegalArgumentException if the model has no such prompt or dimension
   * @throws TextTooLongException if the embedder was built with {@link LongText#REFUSE} and a text
   *     is too long
   */
  default Embeddings embedAll(List<String> texts, EmbedOptions options) {
    return embedInputs(InputTokens.inputs(texts), options);
  }

  /**
   * Embeds inputs, in parallel on the embedder's threads.
   *
   * @param inputs any number of texts, words or token ids; none gives an empty list
   * @param options what is otherwise than the embedder was built
   * @return one embedding for each input, in the same order
   * @throws IllegalArgumentException if the model has no such prompt or dimension, or no token of
   *     an id; if the prompt leaves no room for a text; or if token ids are to have a prompt
   * @throws TextTooLongException if a text is too long and the embedder was built with {@link
   *     LongText#REFUSE}, or if there are more token ids than the model takes
   */
  Embeddings embedInputs(List<? extends Input> inputs, EmbedOptions options);

  /**
   * Embeds a stream of texts, some hundred at a time, so that a stream of any length needs the
   * memory of these.
   *
   * <pre>{@code
   * try (Stream<String> lines = Files.lines(file)) {
   *   embedder.embedStream(lines).forEach(embedding -> store(embedding.vector()));
   * }
   * }</pre>
   *
   * @param texts read in their order, when embeddings are asked for
   * @return one embedding for each text, in the same order; closing it closes {@code texts}. It is
   *     not divided by {@code parallel()}, since the embedder's threads compute. What a call of
   *     {@link #embedAll(List)} throws comes out of the operation that asks for an embedding
   */
  default Stream<Embedding> embedStream(Stream<String> texts) {
    return embedStream(texts, EmbedOptions.DEFAULT);
  }

  /**
   * Embeds a stream of texts with options of their own, as {@link #embedStream(Stream)}.
   *
   * @param texts read in their order, when embeddings are asked for
   * @param options what is otherwise than the embedder was built; the number of all texts is {@link
   *     EmbedProgress#UNKNOWN} to a listener
   * @return one embedding for each text, in the same order; closing it closes {@code texts}
   */
  default Stream<Embedding> embedStream(Stream<String> texts, EmbedOptions options) {
    EmbeddingIterator embeddings = new EmbeddingIterator(this, texts.iterator(), options);
    return StreamSupport.stream(embeddings, false).onClose(texts::close);
  }

  /**
   * Embeds what an iterator has, some hundred texts at a time, as {@link #embedStream(Stream)}.
   *
   * @param texts read in their order, when embeddings are asked for
   * @param options what is otherwise than the embedder was built
   * @return one embedding for each text, in the same order; for one thread at a time. If a text or
   *     the iterator fails, those before it among the same hundreds are lost with it
   */
  default Iterator<Embedding> embedEach(Iterator<String> texts, EmbedOptions options) {
    return new EmbeddingIterator(this, texts, options);
  }

  /**
   * Compares two vectors as the model's vectors are compared.
   *
   * @param a an embedding
   * @param b another of the same dimension
   * @return more is more alike
   * @throws IllegalArgumentException if the dimensions differ
   */
  default double similarity(Embedding a, Embedding b) {
    return a.similarity(model().similarity(), b);
  }

  /**
   * Compares two vectors, such as stored ones, as the model's vectors are compared.
   *
   * @param a {@code [dimension]}
   * @param b {@code [dimension]}
   * @return more is more alike
   * @throws IllegalArgumentException if the dimensions differ
   */
  default double similarity(float[] a, float[] b) {
    return model().similarity().between(a, b);
  }

  /** {@return the length of the vectors, unless a call asks for another} */
  int dimension();

  /** {@return what stands before texts that are embedded without a prompt of their own} */
  Prompt prompt();

  /**
   * Returns a text's tokens as they are embedded: with {@link #prompt()}, cut to {@link
   * #maxTokens()}. {@link LongText} plays no part.
   *
   * @param text any text
   * @return the tokens
   */
  default Tokens tokenize(String text) {
    return tokenize(text, prompt());
  }

  /**
   * Returns the tokens of a text that is embedded with a prompt, as {@link #tokenize(String)}.
   *
   * @param text any text
   * @param prompt what stands before it
   * @return the tokens
   * @throws IllegalArgumentException if the model has no such prompt
   */
  default Tokens tokenize(String text, Prompt prompt) {
    return tokenize(text, prompt, maxTokens());
  }

  /**
   * Returns the tokens of a text, cut to a number of one's own.
   *
   * @param text any text
   * @param prompt what stands before it
   * @param maxTokens the most tokens, special tokens and prompt included; {@link Integer#MAX_VALUE}
   *     for all there are, however many the model takes
   * @return the tokens
   * @throws IllegalArgumentException if {@code maxTokens} leaves no room for the special tokens, or
   *     if the model has no such prompt
   */
  Tokens tokenize(String text, Prompt prompt, int maxTokens);

  /**
   * Returns how many tokens a text has, those beyond {@link #maxTokens()} too, with special tokens
   * and {@link #prompt()}.
   *
   * @param text any text
   * @return the number
   */
  default int countTokens(String text) {
    return countTokens(text, prompt());
  }

  /**
   * Returns how many tokens a text has with a prompt, as {@link #countTokens(String)}.
   *
   * @param text any text
   * @param prompt what stands before it
   * @return the number
   * @throws IllegalArgumentException if the model has no such prompt
   */
  int countTokens(String text, Prompt prompt);

  /** {@return the largest number of tokens of one text, special tokens included} */
  int maxTokens();

  /** {@return the kernels that compute now, and why plain Java if it does} */
  Backend backend();

  /** {@return what there is to know of the model} */
  ModelInfo model();

  /**
   * Waits for calls that are running or wait for their turn, unmaps the model file and ends idle
   * threads. Embeddings already returned stay valid. Closing again does nothing.
   *
   * <p>Does not wait if the calling thread is interrupted, or is itself in a call of this embedder,
   * as an executor's may be: the last call then unmaps the file.
   */
  @Override
  void close();
}
