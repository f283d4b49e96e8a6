package dev.kumiko;

import dev.kumiko.encode.Workspace;
import dev.kumiko.format.Architecture;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Lends workspaces to callers, so that memory follows the number of calls at a time and not the
 * number of threads that ever called. One that is lent belongs to the borrower alone.
 */
final class Workspaces {
  private final ConcurrentLinkedDeque<Workspace> idle = new ConcurrentLinkedDeque<>();
  private final Architecture sizes;

  Workspaces(Architecture sizes) {
    this.sizes = sizes;
  }

  Workspace borrow() {
    Workspace w = idle.pollFirst();
    return w == null ? new Workspace(sizes) : w;
  }

  void giveBack(Workspace w) {
    idle.addFirst(w);
  }
}
