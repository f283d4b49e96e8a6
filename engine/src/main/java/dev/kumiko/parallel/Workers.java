package dev.kumiko.parallel;

import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs one loop on several threads, the caller's among them. The caller never waits for a helper
 * that has not started, so an executor that is busy, stopped or broken costs speed and nothing
 * else.
 */
public final class Workers implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.kumiko");
  private static final AtomicInteger THREAD_NUMBER = new AtomicInteger();

  private final int threads;
  private final Executor executor;
  private final ThreadPoolExecutor owned;

  private Workers(int threads, Executor executor, ThreadPoolExecutor owned) {
    this.threads = threads;
    this.executor = executor;
    this.owned = owned;
  }

  /** Uses the caller's thread and up to {@code threads - 1} daemon threads that end when idle. */
  public static Workers ofThreads(int threads) {
    if (threads == 1) {
      return new Workers(1, null, null);
    }
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads - 1,
            threads - 1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "kumiko-" + THREAD_NUMBER.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return new Workers(threads, pool, pool);
  }

  /** Uses the caller's thread and up to {@code threads - 1} tasks on the caller's executor. */
  public static Workers ofExecutor(Executor executor, int threads) {
    return new Workers(threads, executor, null);
  }

  /** Returns the number of threads, the caller's among them. */
  public int threads() {
    return threads;
  }

  /**
   * Runs {@code loop} on the calling thread and at the same time on at most {@code helpers} others.
   * The loop takes its work from a shared place and returns when there is none left.
   *
   * @throws RuntimeException the first failure; the others are suppressed in it
   */
  public void run(Runnable loop, int helpers) {
    Crew crew = new Crew(loop);
    for (int i = 0; i < Math.min(helpers, threads - 1); i++) {
      try {
        executor.execute(crew::help);
      } catch (Throwable e) {
        // A full, stopped or broken executor, or no more threads: the calling thread does the work.
        LOG.log(Level.DEBUG, "The executor takes no helper", e);
        break;
      }
    }
    crew.lead();
  }

  @Override
  public void close() {
    if (owned != null) {
      owned.shutdown();
    }
  }

  /** The threads that share one loop. */
  private static final class Crew {
    private Runnable loop;
    private int active;
    private boolean done;
    private Throwable failure;

    Crew(Runnable loop) {
      this.loop = loop;
    }

    void help() {
      Runnable work;
      synchronized (this) {
        if (done) {
          return;
        }
        active++;
        work = loop;
      }
      try {
        work(work);
      } finally {
        synchronized (this) {
          active--;
          notifyAll();
        }
      }
    }

    void lead() {
      work(loop);
      boolean interrupted = false;
      synchronized (this) {
        done = true;
        while (active > 0) {
          try {
            wait();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        loop = null; // an executor may keep a helper for ever that it never starts
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure instanceof Error e) {
        throw e;
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure != null) {
        throw new IllegalStateException(failure.toString(), failure);
      }
    }

    private void work(Runnable work) {
      try {
        work.run();
      } catch (Throwable e) { // checked ones, too, which other languages throw anywhere
        synchronized (this) {
          done = true;
          if (failure == null) {
            failure = e;
          } else if (!failure.equals(e)) { // the JVM may throw one OutOfMemoryError everywhere
            failure.addSuppressed(e);
          }
        }
      }
    }
  }
}
