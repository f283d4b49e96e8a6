package dev.kumiko.format;

import java.io.IOException;

/**
 * A model file, or a part of it, that cannot be used. The message says what was wrong, where, and
 * what to do.
 */
public final class ModelFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message for people. */
  public ModelFormatException(String message) {
    super(message);
  }
}
