package dev.kumiko;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;

/**
 * Scores how well documents answer a query, with a cross-encoder: query and document are read
 * together (Nogueira and Cho, arXiv 1901.04085).
 *
 * <pre>{@code
 * try (Reranker reranker = Reranker.load(file)) {
 *   float[] scores = reranker.score("which wood bends best", documents);
 * }
 * }</pre>
 *
 * <p>What is loaded here is immutable and safe for concurrent use by any number of threads, which
 * wait for one another and can be interrupted as callers of an {@link Embedder}. The model's
 * default prompt, if it has one, is put before the query. A pair that has too many tokens is cut,
 * the longer text first. After {@link #close} every method that computes throws {@link
 * IllegalStateException}. Null throws {@link NullPointerException}, a lone surrogate {@link
 * IllegalArgumentException} with its index.
 *
 * <p>A model file must not be written to in place as long: then every call throws {@link
 * ModelChangedException}, see {@link Embedder}.
 *
 * <p>An application's tests may put an implementation of their own in its place. New methods will
 * never be abstract.
 */
public interface Reranker extends AutoCloseable {
  /** {@return a builder for a reranker with other than the default settings} */
  static ScoringBuilder<Reranker> builder() {
    RequiredJava.check();
    return new ScoringBuilder<>(ModelReranker::new);
  }

  /**
   * Loads a Kumiko model file with default settings.
   *
   * @param file the model file
   * @return a reranker, to be closed
   * @throws ModelFormatException if the file is not a valid model, or no reranker
   * @throws IOException if the file cannot be read
   */
  static Reranker load(Path file) throws IOException {
    return builder().load(file);
  }

  /**
   * Loads a Kumiko model from a resource or another address, with default settings.
   *
   * @param model its address, such as {@code MyApplication.class.getResource("model.safetensors")};
   *     what lies in a file, or uncompressed in a JAR, is mapped, anything else is copied
   * @return a reranker, to be closed
   * @throws ModelFormatException if it is not a valid model, or no reranker
   * @throws IOException if it cannot be read
   */
  static Reranker load(URL model) throws IOException {
    return builder().load(model);
  }

  /**
   * Loads a Kumiko model from a stream, with default settings. All of it is kept in memory.
   *
   * @param stream read to its end, and left open
   * @param name what messages call it
   * @return a reranker, to be closed
   * @throws ModelFormatException if it is not a valid model, or no reranker
   * @throws IOException if it cannot be read
   */
  static Reranker load(InputStream stream, String name) throws IOException {
    return builder().load(stream, name);
  }

  /**
   * Scores documents, in parallel.
   *
   * @param query what is asked
   * @param documents any number of texts
   * @return the scores in the order of the documents, from 0 to 1 if the model's function is the
   *     sigmoid, and the tokens they took
   */
  Scores scoreAll(String query, List<String> documents);

  /**
   * Scores documents, in parallel.
   *
   * @param query what is asked
   * @param documents any number of texts
   * @return the scores in the order of the documents, a new array; from 0 to 1 if the model's
   *     function is the sigmoid
   */
  default float[] score(String query, List<String> documents) {
    return scoreAll(query, documents).values();
  }

  /**
   * Ranks documents.
   *
   * @param query what is asked
   * @param documents any number of texts
   * @return the documents' places, best first; of equal scores the first one given
   */
  default List<Ranked> rank(String query, List<String> documents) {
    return scoreAll(query, documents).ranking();
  }

  /** {@return the largest number of tokens of a pair, special tokens included} */
  int maxTokens();

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
