package dev.kumiko;

import dev.kumiko.encode.Workspace;
import dev.kumiko.format.Architecture;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lends workspaces, a bounded number at a time, however many callers there are: the others wait in
 * the order in which they came. One that is lent belongs to the borrower alone. What is not used
 * for some seconds is given back to the heap.
 */
final class Workspaces {
  /** So many rows share one trip of the weights through the caches, if there are as many. */
  static final int ROWS = 512;

  /** More than threads, so that none idles while the next caller in the queue wakes up. */
  private static final int SPARE = 2;

  /** All workspaces together take no more than this part of the heap, unless it is one alone. */
  private static final int HEAP_SHARE = 4;

  private final Architecture sizes;
  private final int most;
  private final Duration keep;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiter> queue = new ArrayDeque<>();
  private final Deque<Idle> idle = new ArrayDeque<>();
  private int free;
  private int lent;
  private boolean trimming;

  /** A workspace that waits to be lent again. */
  private record Idle(Workspace workspace, long since) {}

  /** A thread in the queue. */
  private static final class Waiter {
    private final Condition turn;
    private final Guest guest;
    private String refusal;

    Waiter(Condition turn, Guest guest) {
      this.turn = turn;
      this.guest = guest;
    }
  }

  Workspaces(Architecture sizes, int threads) {
    this(sizes, most(sizes, threads, Runtime.getRuntime().maxMemory()), Duration.ofSeconds(10));
  }

  /**
   * None yet.
   *
   * @param most so many of {@link #ROWS} rows are lent at a time
   * @param keep how long one is kept without being used
   */
  Workspaces(Architecture sizes, int most, Duration keep) {
    this.sizes = sizes;
    this.most = most;
    this.free = most;
    this.keep = keep;
  }

  /** How many are lent at a time with so many threads and so much heap. */
  static int most(Architecture sizes, int threads, long heap) {
    long fit = heap / HEAP_SHARE / Workspace.bytes(sizes, ROWS);
    int computing = Math.max(threads, Runtime.getRuntime().availableProcessors());
    return Math.clamp(fit, 1, computing + SPARE);
  }

  /** A call of this thread; others may help it. */
  Guest guest(Thread caller) {
    return new Guest(caller);
  }

  /** Refuses, with a message, all in the queue whose call has not computed anything yet. */
  void refuseWaiting(String message) {
    lock.lock();
    try {
      for (Waiter waiter : queue) {
        if (!waiter.guest.begun) {
          waiter.refusal = message;
          waiter.turn.signal();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private Lease borrow(int rows, Guest guest) {
    int cost = Math.clamp(((long) rows + ROWS - 1) / ROWS, 1, most);
    Lease lease = new Lease(rows, cost);
    lock.lock();
    try {
      awaitTurn(cost, guest);
      guest.begun = true;
      free -= cost;
      lent++;
    } finally {
      signalFirst();
      lock.unlock();
    }
    try {
      lease.workspace = take();
      return lease;
    } catch (Error e) {
      lease.close();
      throw e;
    }
  }

  private void awaitTurn(int cost, Guest guest) {
    Waiter own = new Waiter(lock.newCondition(), guest);
    boolean interrupted = false;
    queue.addLast(own);
    try {
      while (guest.mayGoOn(own) && (!own.equals(queue.peekFirst()) || free < cost)) {
        try {
          own.turn.awaitNanos(guest.patience());
        } catch (InterruptedException e) {
          interrupted = true;
          guest.heed(e);
        }
      }
    } finally {
      queue.remove(own);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void signalFirst() {
    if (!queue.isEmpty()) {
      queue.getFirst().turn.signal();
    }
  }

  /** Returns how many wait. */
  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many are lent just now. */
  int lent() {
    lock.lock();
    try {
      return lent;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many are kept for the next borrowers. */
  int kept() {
    lock.lock();
    try {
      return idle.size();
    } finally {
      lock.unlock();
    }
  }

  private Workspace take() {
    lock.lock();
    try {
      Idle last = idle.pollFirst();
      while (idle.size() > Math.max(free, 0)) {
        idle.removeLast(); // one for many rows is to take the place of several
      }
      return last == null ? new Workspace(sizes) : last.workspace();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether one is not much larger than what it was last used for. */
  static boolean worthKeeping(int capacity, int used) {
    return capacity <= Math.max(ROWS, 2L * used);
  }

  private void giveBack(Lease lease) {
    lock.lock();
    try {
      free += lease.cost;
      lent--;
      if (lease.complete
          && idle.size() < free
          && worthKeeping(lease.workspace.capacity(), lease.rows)) {
        idle.addFirst(new Idle(lease.workspace, System.nanoTime()));
        trimLater();
      }
      signalFirst();
    } finally {
      lock.unlock();
    }
  }

  private void trimLater() {
    if (!trimming) {
      trimming = true;
      WeakReference<Workspaces> self = new WeakReference<>(this);
      CompletableFuture.delayedExecutor(keep.toMillis(), TimeUnit.MILLISECONDS)
          .execute(
              () -> {
                Workspaces workspaces = self.get();
                if (workspaces != null) {
                  workspaces.trim();
                }
              });
    }
  }

  /** Those lent last are lent first, so that the others are the ones not needed. */
  private void trim() {
    lock.lock();
    try {
      trimming = false;
      long now = System.nanoTime();
      while (!idle.isEmpty() && now - idle.getLast().since() >= keep.toNanos()) {
        idle.removeLast();
      }
      if (!idle.isEmpty()) {
        trimLater();
      }
    } finally {
      lock.unlock();
    }
  }

  /** One call, which borrows again and again, on its own thread and on helpers'. */
  final class Guest {
    /** Nobody wakes a helper in the queue when its caller is interrupted. */
    private static final long LOOK_NANOS = 20_000_000;

    private final Thread caller;
    private volatile boolean begun;

    private Guest(Thread caller) {
      this.caller = caller;
    }

    /**
     * Borrows a workspace without texts, as soon as those that came before have theirs. One for
     * more than {@link #ROWS} rows counts as several.
     *
     * @throws CancellationException if the caller is interrupted, before or while this waits
     * @throws IllegalStateException if {@link #refuseWaiting} is called while this waits
     */
    @SuppressWarnings("ThreadPriorityCheck") // A virtual thread keeps its carrier while it computes
    Lease borrow(int rows) {
      if (Thread.currentThread().isVirtual()) {
        Thread.yield();
      }
      return Workspaces.this.borrow(rows, this);
    }

    /** Returns whether any call waits. */
    boolean othersWait() {
      return waiting() > 0;
    }

    private boolean helped() {
      return !caller.equals(Thread.currentThread());
    }

    private long patience() {
      return helped() ? LOOK_NANOS : Long.MAX_VALUE;
    }

    private void heed(InterruptedException e) {
      if (!helped()) {
        throw cancelled(e);
      }
    }

    private boolean mayGoOn(Waiter own) {
      if (caller.isInterrupted()) {
        throw cancelled(null);
      }
      if (own.refusal != null) {
        throw new IllegalStateException(own.refusal);
      }
      return true;
    }

    private static CancellationException cancelled(InterruptedException cause) {
      CancellationException e = new CancellationException("the calling thread was interrupted");
      e.initCause(cause);
      return e;
    }
  }

  /** A workspace that is lent; closing gives it back. */
  final class Lease implements AutoCloseable {
    private final int rows;
    private final int cost;
    private Workspace workspace;
    private boolean complete;

    private Lease(int rows, int cost) {
      this.rows = rows;
      this.cost = cost;
    }

    Workspace workspace() {
      return workspace;
    }

    /** Says that all went well: what was interrupted by an error is not lent again. */
    void complete() {
      workspace.texts().clear();
      complete = true;
    }

    @Override
    public void close() {
      giveBack(this);
    }
  }
}
