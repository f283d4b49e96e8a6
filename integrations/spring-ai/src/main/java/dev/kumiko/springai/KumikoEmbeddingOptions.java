package dev.kumiko.springai;

import java.util.Objects;
import org.springframework.ai.embedding.EmbeddingOptions;

/**
 * What one call wants otherwise than the {@link KumikoEmbeddingModel} was built. Immutable; what is
 * not set is null.
 *
 * <pre>{@code
 * KumikoEmbeddingOptions.builder().dimensions(128).prompt("query").build()
 * }</pre>
 */
public final class KumikoEmbeddingOptions implements EmbeddingOptions {
  /** Spring AI's own, which everybody may pass. */
  private static final Class<?> PORTABLE = EmbeddingOptions.builder().build().getClass();

  private static final KumikoEmbeddingOptions DEFAULT = builder().build();

  private final String model;
  private final Integer dimensions;
  private final String prompt;

  private KumikoEmbeddingOptions(Builder builder) {
    this.model = builder.model;
    this.dimensions = builder.dimensions;
    this.prompt = builder.prompt;
  }

  /** {@return a builder with nothing set} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns any options as Kumiko's.
   *
   * @param options these, those of {@link EmbeddingOptions#builder()}, or null
   * @throws IllegalArgumentException if they are of another provider's class: what that class can
   *     ask for beyond a model and a dimension would be lost
   */
  static KumikoEmbeddingOptions of(EmbeddingOptions options) {
    if (options == null) {
      return DEFAULT;
    }
    if (options instanceof KumikoEmbeddingOptions own) {
      return own;
    }
    if (options.getClass() != PORTABLE) {
      throw new IllegalArgumentException(
          "the options are a "
              + options.getClass().getName()
              + ", which Kumiko does not know; pass KumikoEmbeddingOptions, or what"
              + " EmbeddingOptions.builder() builds");
    }
    return builder().model(options.getModel()).dimensions(options.getDimensions()).build();
  }

  /** {@return the name of the model, which must be the one that is asked; or null} */
  @Override
  public String getModel() {
    return model;
  }

  /** {@return how many components of each vector are kept, or null} */
  @Override
  public Integer getDimensions() {
    return dimensions;
  }

  /** {@return {@code none}, or the name of the model's prompt to put before each text; or null} */
  public String getPrompt() {
    return prompt;
  }

  /** {@return the same with a model and a dimension} */
  KumikoEmbeddingOptions with(String otherModel, int otherDimensions) {
    return builder().model(otherModel).dimensions(otherDimensions).prompt(prompt).build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KumikoEmbeddingOptions that
        && Objects.equals(model, that.model)
        && Objects.equals(dimensions, that.dimensions)
        && Objects.equals(prompt, that.prompt);
  }

  @Override
  public int hashCode() {
    return Objects.hash(model, dimensions, prompt);
  }

  @Override
  public String toString() {
    return "KumikoEmbeddingOptions[model=%s, dimensions=%s, prompt=%s]"
        .formatted(model, dimensions, prompt);
  }

  /** Sets options. Not safe for concurrent use. */
  public static final class Builder implements EmbeddingOptions.Builder {
    private String model;
    private Integer dimensions;
    private String prompt;

    private Builder() {}

    /** Sets the name of the model; a call of another model is refused. */
    @Override
    public Builder model(String model) {
      this.model = model;
      return this;
    }

    /** Sets how many components of each vector are kept, from 1 to as many as the model has. */
    @Override
    public Builder dimensions(Integer dimensions) {
      this.dimensions = dimensions;
      return this;
    }

    /**
     * Sets what stands before each text.
     *
     * @param prompt the name of one of the model's prompts, or {@code none}
     * @return this
     */
    public Builder prompt(String prompt) {
      this.prompt = prompt;
      return this;
    }

    @Override
    public KumikoEmbeddingOptions build() {
      return new KumikoEmbeddingOptions(this);
    }
  }
}
