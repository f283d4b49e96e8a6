package dev.kumiko.spring.boot;

import dev.kumiko.Embedder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Makes the health indicator if {@code spring-boot-health} is on the class path. */
@AutoConfiguration(after = KumikoEmbeddingAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(Embedder.class)
@ConditionalOnEnabledHealthIndicator("kumiko")
public class KumikoHealthAutoConfiguration {
  /** Made by Spring. */
  public KumikoHealthAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = {"kumikoHealthIndicator", "kumikoHealthContributor"})
  KumikoHealthIndicator kumikoHealthIndicator(Embedder embedder) {
    return new KumikoHealthIndicator(embedder);
  }
}
