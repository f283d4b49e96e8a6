package dev.kumiko.server.http;

import java.time.Duration;

/**
 * What a server refuses.
 *
 * @param bodyBytes a body has at most so many
 * @param bodyTime a body arrives within this, and a client that takes nothing of its answer is left
 *     after it
 * @param idle a connection that does nothing for so long is closed
 * @param headerBytes the headers of a request have at most so many
 * @param connections so many are open at a time
 * @param stopTime so long it waits for answers when it is stopped
 */
public record Limits(
    long bodyBytes,
    Duration bodyTime,
    Duration idle,
    int headerBytes,
    int connections,
    Duration stopTime) {
  /** So many bytes of a body can be allowed. */
  public static final int MOST_BODY_BYTES = 1 << 30;

  /** Throws {@link IllegalArgumentException} if one is out of its range. */
  public Limits {
    if (bodyBytes < 1 || bodyBytes > MOST_BODY_BYTES) {
      throw new IllegalArgumentException(
          "a body may have from 1 to %,d bytes, not %,d".formatted(MOST_BODY_BYTES, bodyBytes));
    }
    if (connections < 1) {
      throw new IllegalArgumentException(
          "at least one connection must be allowed, not " + connections);
    }
  }
}
