package dev.kumiko.tools.measure;

import java.io.IOException;

/** Test data cannot be used; the message says which, where and why. */
public final class MeasureException extends IOException {
  private static final long serialVersionUID = 1L;

  MeasureException(String message) {
    super(message);
  }
}
