package dev.kumiko.spring.boot;

import dev.kumiko.Embedder;
import dev.kumiko.springai.KumikoBatchingStrategy;
import dev.kumiko.springai.KumikoEmbeddingModel;
import dev.kumiko.springai.KumikoPrompts;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ResourceLoader;

/**
 * Makes the embedding model, unless {@code spring.ai.model.embedding} names another provider or
 * there is another embedding model already: without the property the one of another starter, which
 * comes first, or the application's own.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.ai.model.azure.openai.autoconfigure.AzureOpenAiEmbeddingAutoConfiguration",
      "org.springframework.ai.model.bedrock.cohere.autoconfigure.BedrockCohereEmbeddingAutoConfiguration",
      "org.springframework.ai.model.bedrock.titan.autoconfigure.BedrockTitanEmbeddingAutoConfiguration",
      "org.springframework.ai.model.google.genai.autoconfigure.embedding.GoogleGenAiTextEmbeddingAutoConfiguration",
      "org.springframework.ai.model.minimax.autoconfigure.MiniMaxEmbeddingAutoConfiguration",
      "org.springframework.ai.model.mistralai.autoconfigure.MistralAiEmbeddingAutoConfiguration",
      "org.springframework.ai.model.ollama.autoconfigure.OllamaEmbeddingAutoConfiguration",
      "org.springframework.ai.model.openai.autoconfigure.OpenAiEmbeddingAutoConfiguration",
      "org.springframework.ai.model.postgresml.autoconfigure.PostgresMlEmbeddingAutoConfiguration",
      "org.springframework.ai.model.transformers.autoconfigure.TransformersEmbeddingModelAutoConfiguration",
      "org.springframework.ai.model.vertexai.autoconfigure.embedding.VertexAiTextEmbeddingAutoConfiguration"
    })
@ConditionalOnProperty(
    name = SpringAIModelProperties.EMBEDDING_MODEL,
    havingValue = KumikoEmbeddingModel.PROVIDER,
    matchIfMissing = true)
@ConditionalOnMissingBean(value = EmbeddingModel.class, ignored = KumikoEmbeddingModel.class)
@EnableConfigurationProperties(KumikoProperties.class)
public class KumikoEmbeddingAutoConfiguration {
  /** Made by Spring. */
  public KumikoEmbeddingAutoConfiguration() {}

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Embedder kumikoEmbedder(KumikoProperties properties, ResourceLoader resources) {
    return new ModelLoading(properties, resources).embedder();
  }

  @Bean
  @ConditionalOnMissingBean
  KumikoEmbeddingModel kumikoEmbeddingModel(
      Embedder embedder,
      KumikoProperties properties,
      ObjectProvider<ObservationRegistry> registry,
      ObjectProvider<EmbeddingModelObservationConvention> convention) {
    KumikoEmbeddingModel.Builder builder =
        KumikoEmbeddingModel.builder(embedder)
            .prompts(KumikoPrompts.of(properties.prompts()))
            .metadataMode(properties.metadataMode())
            .observationRegistry(registry.getIfUnique(() -> ObservationRegistry.NOOP));
    convention.ifAvailable(builder::observationConvention);
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new KumikoStartException(
          "kumiko.prompts is \"" + properties.prompts() + "\", but " + e.getMessage() + ".",
          "Set it to auto, none, default or the name of one of the model's prompts.",
          e);
    }
  }

  @Bean
  @ConditionalOnBean(KumikoEmbeddingModel.class)
  @ConditionalOnMissingBean(BatchingStrategy.class)
  KumikoBatchingStrategy kumikoBatchingStrategy(
      KumikoEmbeddingModel model, KumikoProperties properties) {
    int maxTokens =
        ModelLoading.atLeastOne("kumiko.batch.max-tokens", properties.batch().maxTokens());
    return new KumikoBatchingStrategy(model, maxTokens);
  }
}
