package dev.kumiko.tools.compress;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does the same for every part, several parts at a time. */
final class PartThreads {
  private PartThreads() {}

  /** Work on one part. */
  @FunctionalInterface
  interface Work {
    /** Does it. */
    void run(int part) throws IOException;
  }

  /**
   * Runs all parts and waits for them.
   *
   * @throws IOException the first failure
   */
  static void run(int parts, int threads, Work work) throws IOException {
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int f = 0; f < parts; f++) {
      int part = f;
      tasks.add(
          () -> {
            work.run(part);
            return null;
          });
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, parts))) {
      List<Future<Void>> running = tasks.stream().map(pool::submit).toList();
      try {
        for (Future<Void> part : running) {
          part.get();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted; nothing has been written");
      } catch (ExecutionException e) {
        throw failure(e.getCause());
      } finally {
        pool.shutdownNow();
      }
    }
  }

  private static IOException failure(Throwable cause) {
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    return (IOException) cause;
  }
}
