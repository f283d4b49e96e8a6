package dev.kumiko.server.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is done from time to time. */
class TickerTest {
  @Test
  void goesOnWhateverFails() throws InterruptedException {
    CountDownLatch times = new CountDownLatch(4);
    Runnable action =
        () -> {
          times.countDown();
          if (times.getCount() == 3) {
            throw new OutOfMemoryError("Java heap space");
          }
          throw new IllegalStateException("not yet");
        };
    Ticker ticker = new Ticker("test", Duration.ofMillis(1), action);
    try {
      assertTrue(times.await(20, TimeUnit.SECONDS), "it has ended");
    } finally {
      ticker.close();
    }
  }
}
