package dev.kumiko.spring.boot;

/** The application cannot start as it is configured; says what is wrong and what to do. */
final class KumikoStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String action;

  KumikoStartException(String description, String action, Throwable cause) {
    super(description, cause);
    this.action = action;
  }

  /** {@return what to do about it} */
  String action() {
    return action;
  }
}
