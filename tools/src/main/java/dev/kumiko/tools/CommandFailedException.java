package dev.kumiko.tools;

import java.io.IOException;

/** A command cannot go on. The message says what was wrong, where, and what to do. */
final class CommandFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String message) {
    super(message);
  }

  static CommandFailedException noText() {
    return new CommandFailedException("no text: the input is empty");
  }
}
