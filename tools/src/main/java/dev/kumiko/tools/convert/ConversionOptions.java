package dev.kumiko.tools.convert;

import dev.kumiko.format.Pooling;
import java.util.Optional;

/**
 * What the user states; whatever is empty comes from the source.
 *
 * @param name name of the model for people
 * @param pooling how token vectors become one vector
 * @param normalize whether the result is divided by its Euclidean length
 * @param maxTokens longest input in tokens, special tokens included
 * @param variant how a bare BERT makes a text's vector
 * @param weights what type weights get
 */
public record ConversionOptions(
    Optional<String> name,
    Optional<Pooling> pooling,
    Optional<Boolean> normalize,
    Optional<Integer> maxTokens,
    Optional<Variant> variant,
    WeightType weights) {
  /** States nothing. */
  public static final ConversionOptions NONE =
      new ConversionOptions(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** States everything but the type of weights, which they keep. */
  public ConversionOptions(
      Optional<String> name,
      Optional<Pooling> pooling,
      Optional<Boolean> normalize,
      Optional<Integer> maxTokens,
      Optional<Variant> variant) {
    this(name, pooling, normalize, maxTokens, variant, WeightType.KEEP);
  }

  /** Returns the same with another type of weights. */
  public ConversionOptions withWeights(WeightType type) {
    return new ConversionOptions(name, pooling, normalize, maxTokens, variant, type);
  }
}
