package dev.kumiko.spring.boot;

import dev.kumiko.Embedder;
import dev.kumiko.Reranker;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Makes a health indicator of the embedder and one of the reranker, where there is one of these, if
 * {@code spring-boot-health} is on the class path.
 */
@AutoConfiguration(
    after = {KumikoEmbeddingAutoConfiguration.class, KumikoRerankAutoConfiguration.class})
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
public class KumikoHealthAutoConfiguration {
  /** Made by Spring. */
  public KumikoHealthAutoConfiguration() {}

  @Bean
  @ConditionalOnSingleCandidate(Embedder.class)
  @ConditionalOnEnabledHealthIndicator("kumiko")
  @ConditionalOnMissingBean(name = {"kumikoHealthIndicator", "kumikoHealthContributor"})
  KumikoHealthIndicator kumikoHealthIndicator(Embedder embedder) {
    return new KumikoHealthIndicator(embedder);
  }

  @Bean
  @ConditionalOnSingleCandidate(Reranker.class)
  @ConditionalOnEnabledHealthIndicator("kumiko-rerank")
  @ConditionalOnMissingBean(name = {"kumikoRerankHealthIndicator", "kumikoRerankHealthContributor"})
  KumikoRerankHealthIndicator kumikoRerankHealthIndicator(Reranker reranker) {
    return new KumikoRerankHealthIndicator(reranker);
  }
}
