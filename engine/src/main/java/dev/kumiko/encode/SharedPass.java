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
  /** Up to so many rows layers are divided by outputs. */
  private static final int FEW_ROWS = 96;

  /** From so many rows on, one more wait costs nothing beside the work, and memory counts. */
  private static final int MANY_ROWS = 2048;

  /** Rows for each thread, where they are divided. */
  private static final int FEWEST_ROWS = 8;

  /** Some ten microseconds: shares end at nearly the same time. Then the core is given up. */
  private static final int SPINS = 2_000;

  private static final long NAP_NANOS = 10_000;

  private final Workspace workspace;
  private final List<Step> steps;
  private final List<RowShare> shares;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private volatile boolean failed;

  SharedPass(Encoder encoder, Workspace workspace, int threads) {
    this(
        encoder,
        workspace,
        threads(encoder, workspace.texts().rows(), threads),
        division(encoder, workspace.texts().rows(), threads));
  }

  /** Divides the work into as many parts. */
  public SharedPass(Encoder encoder, Workspace workspace, int parts, Division division) {
    this.workspace = workspace;
    this.steps = encoder.steps(division);
    this.shares = workspace.split(parts, division);
  }

  /** Returns how many of so many threads find work in so many rows. */
  public static int threads(Encoder encoder, int rows, int threads) {
    return division(encoder, rows, threads) == Division.OUTPUTS
        ? Math.min(encoder.outputShares(), threads)
        : Math.clamp(rows / FEWEST_ROWS, 1, threads);
  }

  private static Division division(Encoder encoder, int rows, int threads) {
    if (rows > FEW_ROWS) {
      return rows < MANY_ROWS ? Division.ROWS : Division.MANY_ROWS;
    }
    // A thin layer would leave threads without work that rows give them.
    return Math.min(encoder.outputShares(), threads) >= Math.min(rows / FEWEST_ROWS, threads)
        ? Division.OUTPUTS
        : Division.ROWS;
  }

  /** Returns whether all is done; not so when a thread has failed. */
  public boolean complete() {
    return done.get() == steps.size() * shares.size();
  }

  /**
   * Works until nothing is left to be taken; the result is there when all threads have returned.
   */
  @Override
  public void run() {
    boolean complete = false;
    try {
      int all = steps.size() * shares.size();
      for (int next = take(all); next < all; next = take(all)) {
        int step = next / shares.size();
        if (!awaitDone(step * shares.size())) {
          break;
        }
        steps.get(step).apply(shares.get(next % shares.size()), workspace);
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
