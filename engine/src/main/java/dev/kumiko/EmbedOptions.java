package dev.kumiko;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one call wants otherwise than the embedder was built. Immutable.
 *
 * <pre>{@code
 * EmbedOptions options = EmbedOptions.DEFAULT.withPrompt(Prompt.QUERY).withDimension(128);
 * }</pre>
 *
 * @param prompt what stands before each text; empty for the embedder's own
 * @param dimension so many components of each vector are kept (Kusupati et al., Matryoshka
 *     Representation Learning, arXiv 2205.13147), and normalised again if the model normalises;
 *     empty for the embedder's own
 * @param progress hears how far the call is
 */
public record EmbedOptions(Optional<Prompt> prompt, OptionalInt dimension, EmbedProgress progress) {
  /** All as the embedder was built. */
  public static final EmbedOptions DEFAULT =
      new EmbedOptions(Optional.empty(), OptionalInt.empty(), EmbedProgress.NONE);

  /**
   * Checks the options as far as they can be without a model.
   *
   * @throws NullPointerException if one is null
   * @throws IllegalArgumentException if the dimension is less than 1
   */
  public EmbedOptions {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(dimension, "dimension");
    Objects.requireNonNull(progress, "progress");
    if (dimension.isPresent() && dimension.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "dimension is " + dimension.getAsInt() + ", but a vector has one component at least");
    }
  }

  /**
   * Returns the same with another prompt.
   *
   * @param other what stands before each text; {@link Prompt#NONE} for none
   * @return the new options
   */
  public EmbedOptions withPrompt(Prompt other) {
    Objects.requireNonNull(other, "prompt is null");
    return new EmbedOptions(Optional.of(other), dimension, progress);
  }

  /**
   * Returns the same with vectors of another length.
   *
   * @param components from 1 to the model's dimension
   * @return the new options
   * @throws IllegalArgumentException if it is less than 1; more than the model has is refused by
   *     the call
   */
  public EmbedOptions withDimension(int components) {
    return new EmbedOptions(prompt, OptionalInt.of(components), progress);
  }

  /**
   * Returns the same with somebody who hears how far the call is.
   *
   * @param listener who hears
   * @return the new options
   */
  public EmbedOptions withProgress(EmbedProgress listener) {
    return new EmbedOptions(prompt, dimension, listener);
  }
}
