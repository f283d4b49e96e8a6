package dev.kumiko.server.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So much memory requests may take at a time, from their first byte to the last of the answer,
 * however many clients send at once. Safe for concurrent use.
 */
final class MemoryBudget {
  /** The rest is for the models, for computing, and for what is not collected yet. */
  private static final int HEAP_SHARE = 3;

  /** A request of a few texts finds room, whatever others do. */
  private static final int SMALL = 16 << 10;

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final long most;
  private final AtomicLong used = new AtomicLong();

  /**
   * A budget.
   *
   * @param most so many bytes
   */
  MemoryBudget(long most) {
    this.most = most;
  }

  /** Returns a part of the heap. */
  static MemoryBudget ofHeap() {
    return new MemoryBudget(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
  }

  /** Returns an empty share, for one request. */
  Share share() {
    return new Share();
  }

  /** About what one request takes; closing gives it back. For one thread. */
  final class Share implements AutoCloseable {
    private long taken;

    private Share() {}

    /**
     * Takes more.
     *
     * @throws ApiException if others have taken too much, or it is more than there is
     */
    void take(long bytes) throws ApiException {
      taken += bytes;
      long now = used.addAndGet(bytes);
      if (taken > most) {
        throw new ApiException(
            Fault.LARGE_BODY,
            "the request takes about %,d MB of memory, and there are %,d for all requests; send it in parts, or give the server a larger heap: -Xmx"
                .formatted(megabytes(taken), most >> 20));
      }
      if (now > most && taken > SMALL) {
        throw new ApiException(
            Fault.BUSY,
            RETRY,
            "others take so much memory that there is no room for this request; try again in a second",
            null);
      }
    }

    private static long megabytes(long bytes) {
      return Math.ceilDiv(bytes, 1 << 20);
    }

    @Override
    public void close() {
      used.addAndGet(-taken);
      taken = 0;
    }
  }
}
