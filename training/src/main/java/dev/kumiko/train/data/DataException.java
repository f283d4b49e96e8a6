package dev.kumiko.train.data;

import java.io.IOException;

/** Data is not what it should be. The message names the file and, where there is one, the line. */
public final class DataException extends IOException {
  private static final long serialVersionUID = 1L;

  DataException(String message) {
    super(message);
  }
}
