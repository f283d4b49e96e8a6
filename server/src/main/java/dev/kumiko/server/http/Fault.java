package dev.kumiko.server.http;

/** What can be wrong with a request, or with the server. */
public enum Fault {
  /** The request is not as the API has it. */
  INVALID(400),
  /** There is no text in it. */
  EMPTY(400),
  /** A text has more tokens than the model takes, and was not to be cut. */
  TOO_LONG(400),
  /** The request has more texts than the server takes at once. */
  TOO_MANY(400),
  /** No key, or none that is known. */
  UNAUTHORIZED(401),
  /** The server has no such model. */
  NO_MODEL(404),
  /** The server has no such route. */
  NO_ROUTE(404),
  /** The route is asked for otherwise. */
  METHOD(405),
  /** The body took too long to arrive. */
  SLOW_BODY(408),
  /** The body has too many bytes. */
  LARGE_BODY(413),
  /** The body is no plain JSON. */
  MEDIA_TYPE(415),
  /** Too much is waiting already. */
  BUSY(429),
  /** The server failed. */
  FAILED(500),
  /** A model file was written to under the server, which has to be started again. */
  MODEL_CHANGED(503),
  /** The server is loading its models, or stopping. */
  UNAVAILABLE(503);

  private final int status;

  Fault(int status) {
    this.status = status;
  }

  /** {@return the HTTP status that most APIs give} */
  public int status() {
    return status;
  }
}
