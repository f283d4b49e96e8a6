package dev.kumiko.model;

import java.util.Map;

/**
 * What users want to know of a model. Immutable and safe for concurrent use.
 *
 * @see dev.kumiko.model
 */
public interface ModelInfo {
  /** {@return the name for people, such as {@code all-MiniLM-L6-v2}} */
  String name();

  /** {@return where the weights came from, for people; may be empty} */
  String source();

  /** {@return the number of components of a vector, or of labels where the model gives scores} */
  int dimension();

  /** {@return the longest input in tokens, special tokens included} */
  int maxTokens();

  /** {@return the number of tokens that the model knows: ids are below it} */
  int vocabularySize();

  /** {@return the texts to put before an input, by name; unmodifiable, in the model's order} */
  Map<String, String> prompts();

  /** {@return the name of the prompt that is used when none is asked for; empty for none} */
  String defaultPrompt();

  /** {@return how the vectors are compared} */
  Similarity similarity();

  /** {@return whether nobody has trained the weights, so that the results mean nothing} */
  boolean hasRandomWeights();
}
