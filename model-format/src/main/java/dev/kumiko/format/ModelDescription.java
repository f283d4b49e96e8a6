package dev.kumiko.format;

import java.util.Map;

/**
 * Everything about a model that is not a tensor.
 *
 * @param name name for people, such as {@code all-MiniLM-L6-v2}
 * @param source where the weights came from, for people; may be empty
 * @param architecture sizes and choices of the encoder
 * @param pooling how token vectors become one vector
 * @param normalize whether the result is divided by its Euclidean length
 * @param maxTokens longest input in tokens, special tokens included
 * @param prompts texts to put before an input, by name
 * @param defaultPrompt name of the prompt used when none is asked for; empty for none
 * @param tokenizer the tokenizer
 */
public record ModelDescription(
    String name,
    String source,
    Architecture architecture,
    Pooling pooling,
    boolean normalize,
    int maxTokens,
    Map<String, String> prompts,
    String defaultPrompt,
    TokenizerDescription tokenizer) {

  /** Copies the prompts. */
  public ModelDescription {
    prompts = Map.copyOf(prompts);
  }
}
