package dev.kumiko.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows what is wrong with the configuration instead of a stack trace. */
final class KumikoFailureAnalyzer extends AbstractFailureAnalyzer<KumikoStartException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, KumikoStartException cause) {
    return new FailureAnalysis(cause.getMessage(), cause.action(), rootFailure);
  }
}
