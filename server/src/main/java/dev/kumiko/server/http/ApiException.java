package dev.kumiko.server.http;

import java.time.Duration;
import java.util.Optional;

/** A request that gets no result. Each API tells it in its own shape. */
public final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What a client sent is said again in messages: not all of it, if it is long. */
  private static final int LONGEST = 2_000;

  /** Which kind. */
  private final Fault fault;

  /** The field that is wrong; null if it is no field. */
  private final String field;

  /** When to try again; null if that is of no use. */
  private final Duration retryAfter;

  private ApiException(
      Fault fault, String field, Duration retryAfter, String message, Throwable cause) {
    super(bounded(message), cause);
    this.fault = fault;
    this.field = field == null ? null : bounded(field);
    this.retryAfter = retryAfter;
  }

  private static String bounded(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return text.substring(0, end) + "...";
  }

  /**
   * A fault.
   *
   * @param fault which kind
   * @param message what is wrong, where, and what to do
   */
  public ApiException(Fault fault, String message) {
    this(fault, null, null, message, null);
  }

  /**
   * A fault of a field.
   *
   * @param fault which kind
   * @param field the field's name
   * @param message what is wrong, where, and what to do
   */
  public ApiException(Fault fault, String field, String message) {
    this(fault, field, null, message, null);
  }

  /**
   * A fault that passes.
   *
   * @param fault which kind
   * @param retryAfter when to try again
   * @param message what is wrong
   * @param cause why
   */
  public ApiException(Fault fault, Duration retryAfter, String message, Throwable cause) {
    this(fault, null, retryAfter, message, cause);
  }

  /** {@return which kind} */
  public Fault fault() {
    return fault;
  }

  /** {@return the field that is wrong, if it is one} */
  public Optional<String> field() {
    return Optional.ofNullable(field);
  }

  /** {@return when to try again, if that helps} */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
