package dev.kumiko.spring.boot;

import dev.kumiko.LongText;
import dev.kumiko.Precision;
import dev.kumiko.springai.KumikoBatchingStrategy;
import org.springframework.ai.document.MetadataMode;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties that begin with {@code kumiko}. What is null is as the engine has it.
 *
 * @param model Where the model lies: a path, or an address such as classpath:model.safetensors.
 *     Empty for the default model, which a dependency such as kumiko-all-minilm-l6-v2 brings along.
 * @param threads How many threads one call uses, the caller's among them. All processors by
 *     default.
 * @param maxTokens The largest number of tokens of one text, special tokens included. The model's
 *     by default.
 * @param longText What happens to texts that have more tokens.
 * @param dimensions How many components of each vector are kept. All by default.
 * @param prompts Which of the model's prompts stand before which texts: default, auto, none, or the
 *     name of one.
 * @param metadataMode How much of documents' metadata is embedded with their texts.
 * @param precision What a model with int8 activations is computed with.
 * @param batch How documents are divided.
 * @param rerank The model that ranks what was found.
 */
@ConfigurationProperties("kumiko")
public record KumikoProperties(
    @DefaultValue("") String model,
    Integer threads,
    Integer maxTokens,
    @DefaultValue("cut") LongText longText,
    Integer dimensions,
    @DefaultValue("default") String prompts,
    @DefaultValue("none") MetadataMode metadataMode,
    @DefaultValue("closest") Precision precision,
    @DefaultValue Batch batch,
    @DefaultValue Rerank rerank) {
  /**
   * How documents are divided before they are embedded and stored.
   *
   * @param maxTokens The most tokens of a batch of documents, as the model counts them.
   */
  public record Batch(
      @DefaultValue("" + KumikoBatchingStrategy.DEFAULT_MAX_TOKENS) int maxTokens) {}

  /**
   * The model that ranks what was found.
   *
   * @param model Where the cross-encoder lies: a path, or an address such as
   *     classpath:model.safetensors. None by default.
   * @param topN How many documents are kept. All by default.
   * @param maxTokens The largest number of tokens of a query with a document. The model's by
   *     default.
   */
  public record Rerank(String model, Integer topN, Integer maxTokens) {}
}
