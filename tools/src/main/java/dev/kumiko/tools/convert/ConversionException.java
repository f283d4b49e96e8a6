package dev.kumiko.tools.convert;

import dev.kumiko.format.text.Quoted;
import java.io.IOException;

/** A model that cannot be converted. The message says what was wrong, where, and what to do. */
public final class ConversionException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with a message for people, which is made one line of bounded length. */
  public ConversionException(String message) {
    super(Quoted.line(message));
  }
}
