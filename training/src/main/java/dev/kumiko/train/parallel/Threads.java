package dev.kumiko.train.parallel;

import dev.kumiko.kernel.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A fixed number of threads, the caller's among them, that share one job at a time. Jobs are
 * divided so that no two tasks write to the same place and none adds up what others computed:
 * whoever computes what, the result is the same to the last bit.
 *
 * <p>One thread at a time may ask for a job.
 */
public final class Threads implements AutoCloseable {
  /**
   * Below this, a share of the rows is not worth another trip of the weights through the caches.
   */
  private static final int FEWEST_ROWS = 32;

  private static final int MOST_ROWS = 256;
  private static final int TILE_ROWS = 8;

  private final int count;
  private final ExecutorService helpers;
  private final List<Scratch> scratch = new ArrayList<>();

  /** A part of a job. */
  @FunctionalInterface
  public interface Task {
    /**
     * Computes one of several results.
     *
     * @param index which one
     * @param scratch this thread's memory
     */
    void run(int index, Scratch scratch);
  }

  /** A part of a job on rows. */
  @FunctionalInterface
  public interface RowsTask {
    /**
     * Computes consecutive rows.
     *
     * @param first the first one
     * @param rows their number
     * @param scratch this thread's memory
     */
    void run(int first, int rows, Scratch scratch);
  }

  /** Uses the caller's thread and {@code count - 1} daemon threads. */
  public Threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + count);
    }
    this.count = count;
    this.helpers =
        Executors.newFixedThreadPool(
            Math.max(1, count - 1),
            Thread.ofPlatform().daemon().name("kumiko-train-", 1).factory());
    for (int i = 0; i < count; i++) {
      scratch.add(new Scratch());
    }
  }

  /** Returns the number of threads. */
  public int count() {
    return count;
  }

  /**
   * Runs a task for each index below {@code tasks} and waits for all.
   *
   * @throws RuntimeException the first failure of a task, once all threads have stopped
   */
  public void forEach(int tasks, Task task) {
    int threads = Math.min(count, tasks);
    AtomicInteger next = new AtomicInteger();
    if (threads <= 1) {
      work(next, tasks, task, scratch.getFirst());
      return;
    }
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch working = new CountDownLatch(threads - 1);
    for (int i = 1; i < threads; i++) {
      Scratch own = scratch.get(i);
      helpers.execute(
          () -> {
            try {
              work(next, tasks, task, own);
            } catch (RuntimeException | Error e) {
              next.set(tasks);
              failure.compareAndSet(null, e);
            } finally {
              working.countDown();
            }
          });
    }
    try {
      work(next, tasks, task, scratch.getFirst());
    } finally {
      next.set(tasks);
      await(working);
    }
    if (failure.get() instanceof Error e) {
      throw e;
    }
    if (failure.get() != null) {
      throw (RuntimeException) failure.get();
    }
  }

  private static void work(AtomicInteger next, int tasks, Task task, Scratch scratch) {
    for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
      task.run(i, scratch);
    }
  }

  private static void await(CountDownLatch working) {
    boolean interrupted = false;
    while (true) {
      try {
        working.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Divides rows that do not depend on one another. */
  public void forRows(int rows, RowsTask task) {
    int tiles = Math.ceilDiv(rows, 2 * count * TILE_ROWS);
    int share = Math.clamp((long) tiles * TILE_ROWS, FEWEST_ROWS, MOST_ROWS);
    int size = count == 1 ? MOST_ROWS : share;
    forEach(
        Math.ceilDiv(rows, size),
        (index, own) -> {
          int first = index * size;
          task.run(first, Math.min(size, rows - first), own);
        });
  }

  /** Ends the daemon threads. */
  @Override
  public void close() {
    helpers.shutdown();
  }
}
