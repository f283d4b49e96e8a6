package dev.kumiko.server.http;

import tools.jackson.core.JsonGenerator;

/** How an API tells that something is wrong. */
public interface ErrorShape {
  /**
   * Returns the HTTP status.
   *
   * @param error what is wrong
   * @return from 400 to 599
   */
  default int status(ApiException error) {
    return error.fault().status();
  }

  /**
   * Writes the body.
   *
   * @param error what is wrong
   * @param json takes one value
   */
  void write(ApiException error, JsonGenerator json);
}
