package dev.kumiko;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;

/**
 * Scores a text, or how two texts relate, for each of a model's labels.
 *
 * <p>What is loaded here is immutable and safe for concurrent use by any number of threads, which
 * wait for one another and can be interrupted as callers of an {@link Embedder}. The model's
 * default prompt, if it has one, is put before the text, of two before the first. What has too many
 * tokens is cut, of a pair the longer text first. After {@link #close} every method that computes
 * throws {@link IllegalStateException}. Null throws {@link NullPointerException}, a lone surrogate
 * {@link IllegalArgumentException} with its index.
 *
 * <p>A model file must not be written to in place as long: then every call throws {@link
 * ModelChangedException}, see {@link Embedder}.
 *
 * <p>An application's tests may put an implementation of their own in its place. New methods will
 * never be abstract.
 */
public interface TextClassifier extends AutoCloseable {
  /** {@return a builder for a classifier with other than the default settings} */
  static ScoringBuilder<TextClassifier> builder() {
    RequiredJava.check();
    return new ScoringBuilder<>(ModelClassifier::new);
  }

  /**
   * Loads a Kumiko model file with default settings.
   *
   * @param file the model file
   * @return a classifier, to be closed
   * @throws ModelFormatException if the file is not a valid model, or gives embeddings
   * @throws IOException if the file cannot be read
   */
  static TextClassifier load(Path file) throws IOException {
    return builder().load(file);
  }

  /**
   * Loads a Kumiko model from a resource or another address, with default settings.
   *
   * @param model its address, such as {@code MyApplication.class.getResource("model.safetensors")};
   *     what lies in a file, or uncompressed in a JAR, is mapped, anything else is copied
   * @return a classifier, to be closed
   * @throws ModelFormatException if it is not a valid model, or gives embeddings
   * @throws IOException if it cannot be read
   */
  static TextClassifier load(URL model) throws IOException {
    return builder().load(model);
  }

  /**
   * Loads a Kumiko model from a stream, with default settings. All of it is kept in memory.
   *
   * @param stream read to its end, and left open
   * @param name what messages call it
   * @return a classifier, to be closed
   * @throws ModelFormatException if it is not a valid model, or gives embeddings
   * @throws IOException if it cannot be read
   */
  static TextClassifier load(InputStream stream, String name) throws IOException {
    return builder().load(stream, name);
  }

  /** {@return what the scores are of, in their order} */
  List<String> labels();

  /**
   * Scores a text.
   *
   * @param text any text
   * @return the scores, {@code [labels]}, a new array
   */
  float[] classify(String text);

  /**
   * Scores a pair of texts.
   *
   * @param first any text
   * @param second any text
   * @return the scores, {@code [labels]}, a new array
   */
  float[] classify(String first, String second);

  /**
   * Scores texts and pairs of texts, in parallel.
   *
   * @param inputs any number of lists, each of one text or of two
   * @return the scores, {@code [inputs][labels]}, a new array
   * @throws IllegalArgumentException if a list has none or more than two
   */
  default float[][] classifyAll(List<List<String>> inputs) {
    float[][] scores = new float[inputs.size()][];
    for (int i = 0; i < scores.length; i++) {
      List<String> texts = inputs.get(i);
      scores[i] = texts.size() == 1 ? classify(texts.get(0)) : classify(texts.get(0), texts.get(1));
    }
    return scores;
  }

  /**
   * Returns how many tokens an input has, those that are cut, too, with special tokens and the
   * model's default prompt. A model takes {@code model().maxTokens()}.
   *
   * @param input a text or a pair of texts
   * @return the number
   * @throws IllegalArgumentException if it has none or more than two
   */
  default int countTokens(List<String> input) {
    throw new UnsupportedOperationException("this classifier does not count tokens");
  }

  /** {@return the kernels in use} */
  Backend backend();

  /** {@return what there is to know of the model} */
  ModelInfo model();

  /**
   * Waits for calls that are running, and unmaps the model file, as {@link Embedder#close} does.
   * Closing again does nothing.
   */
  @Override
  void close();
}
