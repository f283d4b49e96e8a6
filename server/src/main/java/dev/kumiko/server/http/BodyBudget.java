package dev.kumiko.server.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many bytes of bodies may be in memory at a time, however many clients send at once. Safe for
 * concurrent use.
 */
final class BodyBudget {
  /** What is made of a body that has many small values takes some twenty times its size. */
  private static final int HEAP_SHARE = 24;

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final long most;
  private final AtomicLong used = new AtomicLong();

  BodyBudget(long most) {
    this.most = most;
  }

  /** Returns a part of the heap, but room for one body of the longest that is allowed. */
  static BodyBudget ofHeap(long longestBody) {
    return new BodyBudget(Math.max(Runtime.getRuntime().maxMemory() / HEAP_SHARE, longestBody));
  }

  /** Returns an empty share, for one request. */
  Share share() {
    return new Share();
  }

  /** What one request has taken; closing gives it back. For one thread. */
  final class Share implements AutoCloseable {
    private long taken;

    private Share() {}

    /**
     * Takes more.
     *
     * @throws ApiException if others have taken too much
     */
    void take(int bytes) throws ApiException {
      taken += bytes;
      if (used.addAndGet(bytes) > most) {
        throw new ApiException(
            Fault.BUSY,
            RETRY,
            "others send so much that there is no room for this body; try again in a second",
            null);
      }
    }

    @Override
    public void close() {
      used.addAndGet(-taken);
      taken = 0;
    }
  }
}
