package dev.kumiko.server.model;

import dev.kumiko.Backend;
import dev.kumiko.model.ModelInfo;

/** A model that the server has loaded, and the name under which it is asked for. */
public sealed interface ServedModel extends AutoCloseable
    permits ServedEmbedder, ServedReranker, ServedClassifier {
  /** What to practise on: some ten tokens. */
  String ANY_TEXT = "Purlins carry the rafters of a roof.";

  /** {@return the name in requests and answers} */
  String name();

  /** {@return what there is to know of the model} */
  ModelInfo info();

  /** {@return the kernels that compute} */
  Backend backend();

  /** {@return the largest number of tokens of one input, special tokens included} */
  int maxTokens();

  /** {@return what it gives, for people: {@code embeddings}, {@code scores}, {@code labels}} */
  String gives();

  /**
   * Computes a short text for nobody, so that the JVM gets to know what computes.
   *
   * @throws IllegalStateException if the model is closed
   */
  void practise();

  /** Waits for calls that are running, and unmaps the file. */
  @Override
  void close();

  /**
   * Returns about how many tokens a text has, without looking at it.
   *
   * @param characters its length
   * @param maxTokens no more than these are computed
   * @return about four characters make a token, and every text has two special ones
   */
  static int tokens(int characters, int maxTokens) {
    return Math.min(characters / 4 + 2, maxTokens);
  }
}
