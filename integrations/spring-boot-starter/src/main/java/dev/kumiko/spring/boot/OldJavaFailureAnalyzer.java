package dev.kumiko.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which Java Kumiko needs to whoever runs an older one: this JAR's classes run there. */
final class OldJavaFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedClassVersionError> {
  private static final int NEEDED = 25;

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedClassVersionError cause) {
    String message = String.valueOf(cause.getMessage());
    if (!message.contains("dev/kumiko/") && !message.startsWith("Kumiko ")) {
      return null;
    }
    return new FailureAnalysis(
        "Kumiko needs Java %d or newer, but this is Java %s at %s."
            .formatted(NEEDED, Runtime.version(), System.getProperty("java.home")),
        "Start the application with Java %d, such as Eclipse Temurin's (https://adoptium.net)."
            .formatted(NEEDED),
        rootFailure);
  }
}
