package dev.kumiko.train;

import java.io.IOException;

/** A run cannot go on, or a checkpoint cannot be continued. The message says why and what to do. */
public final class TrainingException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one with a message for people.
   *
   * @param message what was wrong, where, and what to do
   */
  public TrainingException(String message) {
    super(message);
  }
}
