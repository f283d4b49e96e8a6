package dev.kumiko.tools.convert;

import dev.kumiko.format.Pooling;
import java.util.Map;
import java.util.Optional;

/**
 * What a model has beside its encoder, as far as it is known.
 *
 * @param name name for people
 * @param pooling how token vectors become one vector
 * @param normalize whether the result is divided by its length
 * @param maxTokens longest input in tokens
 * @param prompts texts to put before an input, by name
 * @param defaultPrompt name of the prompt used when none is asked for; empty for none
 */
public record Traits(
    String name,
    Optional<Pooling> pooling,
    Optional<Boolean> normalize,
    Optional<Integer> maxTokens,
    Map<String, String> prompts,
    String defaultPrompt) {

  /** Traits of a model of which only the name is known. */
  public static Traits unknown(String name) {
    return new Traits(name, Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), "");
  }
}
