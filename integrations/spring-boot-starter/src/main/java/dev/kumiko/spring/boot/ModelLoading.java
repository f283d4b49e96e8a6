package dev.kumiko.spring.boot;

import dev.kumiko.Embedder;
import dev.kumiko.EmbedderBuilder;
import dev.kumiko.Reranker;
import dev.kumiko.ScoringBuilder;
import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import org.springframework.core.io.ResourceLoader;

/** Loads models as the properties say, and says which property is wrong if it cannot. */
final class ModelLoading {
  private final KumikoProperties properties;
  private final ResourceLoader resources;

  ModelLoading(KumikoProperties properties, ResourceLoader resources) {
    this.properties = properties;
    this.resources = resources;
  }

  /**
   * Loads the embedder.
   *
   * @throws KumikoStartException if that is not possible
   */
  Embedder embedder() {
    EmbedderBuilder builder =
        Embedder.builder().longText(properties.longText()).precision(properties.precision());
    if (properties.threads() != null) {
      builder.threads(atLeastOne("kumiko.threads", properties.threads()));
    }
    if (properties.maxTokens() != null) {
      builder.maxTokens(properties.maxTokens());
    }
    if (properties.dimensions() != null) {
      builder.truncateDim(properties.dimensions());
    }
    try {
      return properties.model().isBlank()
          ? defaultModel(builder)
          : new ModelLocation("kumiko.model", properties.model(), resources).load(builder::load);
    } catch (IllegalArgumentException e) {
      throw unfit(e, "kumiko");
    }
  }

  private Embedder defaultModel(EmbedderBuilder builder) {
    try {
      return builder.loadDefault();
    } catch (ModelFormatException e) {
      throw new KumikoStartException(
          "The default model is damaged: " + e.getMessage(),
          "Fetch the JAR that the message names again, or set kumiko.model to another model.",
          e);
    } catch (IOException e) {
      throw new KumikoStartException(
          "kumiko.model is not set, and the default model cannot be loaded: " + e.getMessage(),
          "Add the dependency dev.kumiko:kumiko-all-minilm-l6-v2, or another that brings exactly"
              + " one model, or set kumiko.model to the path of a model file.",
          e);
    }
  }

  /**
   * Loads the reranker.
   *
   * @throws KumikoStartException if that is not possible
   */
  Reranker reranker() {
    KumikoProperties.Rerank rerank = properties.rerank();
    ScoringBuilder<Reranker> builder = Reranker.builder().precision(properties.precision());
    if (properties.threads() != null) {
      builder.threads(atLeastOne("kumiko.threads", properties.threads()));
    }
    if (rerank.maxTokens() != null) {
      builder.maxTokens(rerank.maxTokens());
    }
    try {
      return new ModelLocation("kumiko.rerank.model", rerank.model(), resources)
          .load(builder::load);
    } catch (IllegalArgumentException e) {
      throw unfit(e, "kumiko.rerank");
    }
  }

  /** Returns a number that must be positive. */
  static int atLeastOne(String property, int value) {
    if (value < 1) {
      throw new KumikoStartException(
          property + " is " + value + ", but must be at least 1.",
          "Set it to 1 or more, or leave it out"
              + (property.equals("kumiko.threads")
                  ? " for all %d processors.".formatted(Runtime.getRuntime().availableProcessors())
                  : " for the default."),
          null);
    }
    return value;
  }

  /** The engine's message names both numbers, and the builder's method instead of the property. */
  static KumikoStartException unfit(IllegalArgumentException e, String prefix) {
    String message =
        e.getMessage()
            .replaceFirst("^maxTokens ", prefix + ".max-tokens ")
            .replaceFirst("^truncateDim ", prefix + ".dimensions ");
    return new KumikoStartException(
        message, "Correct the property, or leave it out for what the model has.", e);
  }
}
