package dev.kumiko.tools;

import java.util.concurrent.CountDownLatch;

/**
 * Work that saves before the process ends: SIGINT and SIGTERM ask it to stop and wait until it has.
 */
final class Interruption implements AutoCloseable {
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  /** Calls {@code stop} when the process is to end, once it is armed. */
  Interruption(Runnable stop) {
    hook =
        new Thread(
            () -> {
              stop.run();
              try {
                done.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "kumiko-stop");
  }

  /** From now on signals ask the work to stop. */
  void arm() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The work has ended. */
  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending.
    }
  }
}
