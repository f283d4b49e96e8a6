package dev.kumiko.encode;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One pass of an encoder that several threads work on: each step is divided by rows, and whoever is
 * free takes the next share. Every thread calls {@link #run}; a thread that comes late, or not at
 * all, costs speed and nothing else.
 */
public final class SharedPass implements Runnable {
  /** Below this a share is not worth another trip of the weights through the caches. */
  private static final int FEWEST_ROWS = 8;

  /** Shares end at nearly the same time, so that waiting seldom is worth giving up the core. */
  private static final int SPINS = 20_000;

  private static final long NAP_NANOS = 10_000;

  private final Encoder encoder;
  private final Workspace workspace;
  private final List<RowShare> shares;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private volatile boolean failed;

  SharedPass(Encoder encoder, Workspace workspace, int threads) {
    this.encoder = encoder;
    this.workspace = workspace;
    this.shares = workspace.split(threads(workspace.texts().rows(), threads));
  }

  /** Returns how many of so many threads find work in so many rows. */
  public static int threads(int rows, int threads) {
    return Math.clamp(rows / FEWEST_ROWS, 1, threads);
  }

  /** Returns whether all is done; not so when a thread has failed. */
  public boolean complete() {
    return done.get() == encoder.steps() * shares.size();
  }

  /**
   * Works until nothing is left to be taken; the result is there when all threads have returned.
   */
  @Override
  public void run() {
    boolean complete = false;
    try {
      int all = encoder.steps() * shares.size();
      for (int next = take(all); next < all; next = take(all)) {
        int step = next / shares.size();
        if (!awaitDone(step * shares.size())) {
          break;
        }
        encoder.apply(step, shares.get(next % shares.size()), workspace);
        done.incrementAndGet();
      }
      complete = true;
    } finally {
      if (!complete) {
        failed = true;
      }
    }
  }

  private int take(int all) {
    return failed ? all : taken.getAndIncrement();
  }

  /** Waits for the others; returns false when one of them has failed. */
  private boolean awaitDone(int count) {
    for (int spin = 0; done.get() < count; spin++) {
      if (failed) {
        return false;
      }
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(NAP_NANOS);
      }
    }
    return true;
  }
}
