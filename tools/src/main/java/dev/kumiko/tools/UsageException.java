package dev.kumiko.tools;

/** The command line asks for something that cannot be. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  /** What the engine does not accept, with options for the names of its settings. */
  static UsageException of(IllegalArgumentException e) {
    return new UsageException(
        e.getMessage()
            .replace("truncateDim", "--truncate-dim")
            .replace("maxTokens", "--max-tokens"));
  }
}
