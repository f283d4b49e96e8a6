package dev.kumiko.spring.boot;

import dev.kumiko.Reranker;
import dev.kumiko.springai.KumikoRerankPostProcessor;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;

/**
 * Makes a reranker if {@code kumiko.rerank.model} is set, whoever makes the embedding model, and a
 * post-processor on it if {@code spring-ai-rag} is on the class path.
 */
@AutoConfiguration
@ConditionalOnProperty("kumiko.rerank.model")
@EnableConfigurationProperties(KumikoProperties.class)
public class KumikoRerankAutoConfiguration {
  /** Made by Spring. */
  public KumikoRerankAutoConfiguration() {}

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Reranker kumikoReranker(KumikoProperties properties, ResourceLoader resources) {
    return new ModelLoading(properties, resources).reranker();
  }

  /** What needs {@code spring-ai-rag}. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(DocumentPostProcessor.class)
  static class PostProcessorConfiguration {
    @Bean
    @ConditionalOnMissingBean
    KumikoRerankPostProcessor kumikoRerankPostProcessor(
        Reranker reranker, KumikoProperties properties) {
      Integer topN = properties.rerank().topN();
      return topN == null
          ? new KumikoRerankPostProcessor(reranker)
          : new KumikoRerankPostProcessor(
              reranker, ModelLoading.atLeastOne("kumiko.rerank.top-n", topN));
    }
  }
}
