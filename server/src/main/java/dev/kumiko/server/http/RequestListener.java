package dev.kumiko.server.http;

/** Hears of every request that was answered. Called by any thread. */
@FunctionalInterface
public interface RequestListener {
  /**
   * A request was answered.
   *
   * @param notes what is known of it
   * @param status the HTTP status
   * @param nanos how long it took from its first byte on
   */
  void answered(Notes notes, int status, long nanos);
}
