package dev.kumiko.server.batch;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Computes the inputs of many requests on a few platform threads: those that arrive together are
 * computed together. A thread that is free takes at once what waits; only while others compute may
 * a small batch wait a moment to grow. Safe for concurrent use.
 */
public final class Batcher implements AutoCloseable {
  /** Fewer tokens than these gain much from further ones: see the engine's packed rows. */
  private static final int WORTH_WAITING = 64;

  private final BatchSettings settings;
  private final BatchListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Turns turns = new Turns();
  private final List<Thread> threads = new ArrayList<>();
  private int computing;
  private int computingLong;
  private boolean closed;

  /** Tokens a nanosecond, of all threads; 0 until something was computed. */
  private double rate;

  /**
   * Starts the threads.
   *
   * @param settings how many, and how they batch
   * @param listener hears of every batch
   */
  public Batcher(BatchSettings settings, BatchListener listener) {
    this.settings = settings;
    this.listener = listener;
    for (int i = 1; i <= settings.threads(); i++) {
      threads.add(Thread.ofPlatform().name("kumiko-compute-" + i).daemon().start(this::work));
    }
  }

  /**
   * Queues inputs.
   *
   * @param client who asks; clients take turns
   * @param computation what to compute
   * @param inputs any number of inputs, at least one; copied
   * @param <I> what is computed on
   * @param <O> what becomes of one input
   * @return to be waited for
   * @throws QueueFullException if too many inputs wait already
   * @throws IllegalStateException if the batcher is closed
   */
  public <I, O> Job<I, O> submit(Object client, Computation<I, O> computation, List<I> inputs)
      throws QueueFullException {
    Job<I, O> job = new Job<>(client, computation, inputs, this::remove);
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the server is stopping");
      }
      int waiting = turns.inputs();
      if (waiting > 0 && waiting + inputs.size() > settings.mostInputs()) {
        throw new QueueFullException(waiting, settings.mostInputs(), inputs.size(), patience());
      }
      turns.add(job);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return job;
  }

  private Duration patience() {
    double seconds = rate == 0 ? 1 : turns.cost() / rate / 1e9;
    return Duration.ofSeconds(Math.clamp((long) Math.ceil(seconds), 1, 60));
  }

  private void remove(Job<?, ?> job) {
    lock.lock();
    try {
      turns.remove(job);
    } finally {
      lock.unlock();
    }
  }

  /** {@return how many inputs wait} */
  public int waiting() {
    lock.lock();
    try {
      return turns.inputs();
    } finally {
      lock.unlock();
    }
  }

  /** {@return how many batches are being computed} */
  public int computing() {
    lock.lock();
    try {
      return computing;
    } finally {
      lock.unlock();
    }
  }

  /** {@return how many batches can be computed at a time} */
  public int threads() {
    return settings.threads();
  }

  private void work() {
    for (Optional<Batch<?, ?>> next = next(); next.isPresent(); next = next()) {
      Batch<?, ?> batch = next.get();
      long begun = System.nanoTime();
      try {
        batch.run();
      } catch (Throwable e) { // without memory even failing may fail, but the thread must go on
        batch.fail(e);
      } finally {
        done(batch, System.nanoTime() - begun);
      }
    }
  }

  /** Waits for a batch; empty when the batcher is closed and nothing is left. */
  private Optional<Batch<?, ?>> next() {
    lock.lock();
    try {
      while (true) {
        if (turns.inputs() > 0) {
          letGrow();
          Optional<Batch<?, ?>> batch = turns.take(share(), takesLong());
          if (batch.isPresent()) {
            computing++;
            computingLong += batch.get().isLong() ? 1 : 0;
            return batch;
          }
        }
        if (closed && turns.inputs() == 0) {
          return Optional.empty();
        }
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Nothing is won by waiting where this thread would be idle but for it, and no other computes.
   */
  private void letGrow() {
    long left = settings.patience().toNanos();
    while (left > 0 && computing > 0 && turns.cost() < Math.min(WORTH_WAITING, settings.tokens())) {
      try {
        left = changed.awaitNanos(left);
      } catch (InterruptedException e) {
        return; // nobody interrupts these threads; whoever does wants no waiting
      }
      if (closed || turns.inputs() == 0) {
        return;
      }
    }
  }

  /** Several idle threads share what waits. */
  private int share() {
    long idle = (long) settings.threads() - computing;
    long part = (turns.cost() + idle - 1) / idle;
    return Math.clamp(part, Math.min(WORTH_WAITING, settings.tokens()), settings.tokens());
  }

  /** One thread is kept for short inputs, where there are two. */
  private boolean takesLong() {
    return computingLong == 0 || computingLong < settings.threads() - 1;
  }

  private void done(Batch<?, ?> batch, long nanos) {
    try {
      listener.computed(batch.inputs(), batch.tokens(), nanos);
    } catch (Throwable e) { // who only listens must not end the pool
      System.getLogger("dev.kumiko.server").log(Level.WARNING, "A batch was not counted", e);
    }
    lock.lock();
    try {
      computing--;
      computingLong -= batch.isLong() ? 1 : 0;
      double now = (double) batch.tokens() * settings.threads() / Math.max(1, nanos);
      rate = rate == 0 ? now : rate + 0.1 * (now - rate);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more jobs, computes those that wait, and returns when all are done. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
