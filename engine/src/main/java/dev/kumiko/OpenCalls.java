package dev.kumiko;

import java.util.HashMap;
import java.util.Map;

/** Counts the calls that are running, so that what they use is freed when none needs it. */
final class OpenCalls {
  private final String owner;
  private final Runnable free;
  private final Map<Thread, Integer> running = new HashMap<>();
  private boolean closed;
  private boolean freed;

  /**
   * Nothing runs yet.
   *
   * @param owner who is closed, for messages
   * @param free called once, when it is closed and no call runs
   */
  OpenCalls(String owner, Runnable free) {
    this.owner = owner;
    this.free = free;
  }

  /**
   * Begins a call of this thread; {@link #leave} ends it.
   *
   * @throws IllegalStateException if it is closed
   */
  synchronized void enter() {
    requireOpen();
    help();
  }

  /** This thread helps a call that runs; {@link #leave} ends it. */
  synchronized void help() {
    running.merge(Thread.currentThread(), 1, Integer::sum);
  }

  synchronized void leave() {
    running.computeIfPresent(Thread.currentThread(), (thread, n) -> n == 1 ? null : n - 1);
    if (running.isEmpty()) {
      notifyAll();
      freeIfClosed();
    }
  }

  /** Lets no other call begin. */
  synchronized void shut() {
    closed = true;
  }

  /** Returns what a call is told that comes too late. */
  String refusal() {
    return "this " + owner + " is closed";
  }

  /**
   * Lets no other call begin and waits for those that run. A thread that is itself in a call, such
   * as one whose executor closes the embedder, would wait for itself: it returns at once, and so
   * does one that is interrupted. The last call frees then.
   */
  synchronized void close() {
    closed = true;
    boolean inside = running.containsKey(Thread.currentThread());
    while (!inside && !running.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    if (!inside) {
      freeIfClosed();
    }
  }

  synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException(refusal());
    }
  }

  private void freeIfClosed() {
    if (closed && !freed) {
      freed = true;
      free.run();
    }
  }
}
