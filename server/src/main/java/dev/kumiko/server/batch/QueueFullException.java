package dev.kumiko.server.batch;

import java.time.Duration;

/** There is no room for a request among those that wait. */
public final class QueueFullException extends Exception {
  private static final long serialVersionUID = 1L;

  /** About how long until there is. */
  private final Duration wait;

  QueueFullException(int waiting, int most, int more, Duration wait) {
    super(
        "%,d inputs are waiting and %,d at most may; there is no room for %,d more"
            .formatted(waiting, most, more));
    this.wait = wait;
  }

  /** {@return about how long it takes until there is room} */
  public Duration retryAfter() {
    return wait;
  }
}
