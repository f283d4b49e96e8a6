package dev.kumiko.tools.vectors;

import java.io.IOException;

/** A file of vectors cannot be used; the message says which, why, and what to do. */
public final class VectorFileException extends IOException {
  private static final long serialVersionUID = 1L;

  VectorFileException(String message) {
    super(message);
  }
}
