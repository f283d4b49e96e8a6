package dev.kumiko.tools.convert;

import dev.kumiko.format.Classifier;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Pooling;
import dev.kumiko.model.Similarity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model has beside its encoder, as far as it is known.
 *
 * @param name name for people
 * @param pooling how token vectors become one vector
 * @param poolPrompt whether the tokens of a prompt are pooled, too
 * @param steps what is done to the pooled vector
 * @param normalize whether the result is divided by its length
 * @param maxTokens longest input in tokens
 * @param prompts texts to put before an input, by name
 * @param defaultPrompt name of the prompt used when none is asked for; empty for none
 * @param similarity how vectors are compared
 * @param lowerCase whether texts are lower-cased before the tokenizer's own steps
 * @param classifier what the components of the result mean, if they are scores
 */
public record Traits(
    String name,
    Optional<List<Pooling>> pooling,
    boolean poolPrompt,
    List<HeadStep> steps,
    Optional<Boolean> normalize,
    Optional<Integer> maxTokens,
    Map<String, String> prompts,
    String defaultPrompt,
    Similarity similarity,
    boolean lowerCase,
    Optional<Classifier> classifier) {

  /** Traits of a model of which only the name is known. */
  public static Traits unknown(String name) {
    return new Traits(
        name,
        Optional.empty(),
        true,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        "",
        Similarity.COSINE,
        false,
        Optional.empty());
  }

  /** Traits of a model that pools, normalises, and is compared by the cosine. */
  public static Traits normalized(
      String name, Pooling pooling, int maxTokens, Map<String, String> prompts) {
    return new Traits(
        name,
        Optional.of(List.of(pooling)),
        true,
        List.of(),
        Optional.of(true),
        Optional.of(maxTokens),
        prompts,
        "",
        Similarity.COSINE,
        false,
        Optional.empty());
  }

  /** Returns these with another pooling and nothing done to the pooled vector but that. */
  public Traits pooledBy(Pooling other, boolean normalizes) {
    return new Traits(
        name,
        Optional.of(List.of(other)),
        poolPrompt,
        steps,
        Optional.of(normalizes),
        maxTokens,
        prompts,
        defaultPrompt,
        similarity,
        lowerCase,
        classifier);
  }
}
