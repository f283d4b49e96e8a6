package dev.kumiko;

import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.SharedPass;
import dev.kumiko.encode.Workspace;
import dev.kumiko.tokenize.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * A call with fewer inputs than there are threads: all that run {@link #run} work on the same rows.
 * The first one leads: it borrows the workspace, which the others then find filled.
 *
 * <p>The executor has been asked for helpers before anything is borrowed: one that keeps the
 * calling thread waiting, for another call even, keeps nobody else from his turn.
 */
final class RowsPass implements Runnable {
  private final EncoderWork work;
  private final Encoder encoder;
  private final Workspaces.Guest guest;
  private final int threads;
  private final List<PackedBatch> batches = new ArrayList<>();
  private boolean led;
  private boolean ended;
  private SharedPass shared;
  private int followers;

  /**
   * A pass for the calling thread, which tokenises here and now.
   *
   * @param threads so many work on the same rows, if there are enough of these
   */
  RowsPass(EncoderWork work, Encoder encoder, Workspaces workspaces, int threads) {
    this.work = work;
    this.encoder = encoder;
    this.guest = workspaces.guest(Thread.currentThread());
    this.threads = threads;
    for (int input = 0; input < work.inputs(); input++) {
      work.tokenize(input, this::add);
    }
  }

  private void add(Encoding encoding, EncoderWork.Receiver receiver) {
    if (batches.isEmpty() || !batches.getLast().takes(encoding, Workspaces.ROWS)) {
      batches.add(new PackedBatch());
    }
    batches.getLast().add(encoding, receiver);
  }

  /** Returns how many threads find work. */
  int threads() {
    int rows = batches.stream().mapToInt(PackedBatch::rows).max().orElse(0);
    return SharedPass.threads(encoder, rows, threads);
  }

  /**
   * Works until all is done.
   *
   * @throws CancellationException if the calling thread is interrupted
   */
  @Override
  public void run() {
    if (!leads()) {
      follow();
      return;
    }
    try {
      for (PackedBatch batch : batches) {
        if (!encode(batch)) {
          break; // a follower failed: it says why
        }
        work.handedOut();
      }
    } finally {
      end();
    }
  }

  private synchronized boolean leads() {
    boolean first = !led;
    led = true;
    return first;
  }

  private boolean encode(PackedBatch batch) {
    try (Workspaces.Lease lease = guest.borrow(batch.rows())) {
      Workspace workspace = lease.workspace();
      batch.fill(workspace);
      boolean complete = batch.rows() == 0 || encode(workspace);
      if (complete) {
        batch.handOut(workspace);
        lease.complete();
      }
      return complete;
    }
  }

  private boolean encode(Workspace workspace) {
    SharedPass pass = encoder.share(workspace, threads);
    publish(pass);
    try {
      pass.run();
    } finally {
      takeBack();
    }
    return pass.complete();
  }

  private synchronized void publish(SharedPass pass) {
    shared = pass;
    notifyAll();
  }

  /** Afterwards nobody but the leader uses the workspace. */
  private synchronized void takeBack() {
    shared = null;
    boolean interrupted = false;
    while (followers > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  private void follow() {
    SharedPass last = null;
    for (SharedPass pass = join(last); pass != null; pass = join(last)) {
      try {
        pass.run();
      } finally {
        leave();
      }
      last = pass;
    }
  }

  /** Waits for rows to work on; returns null when there are none any more. */
  private synchronized SharedPass join(SharedPass last) {
    while (!ended && (shared == null || shared == last)) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null; // one helper less
      }
    }
    if (ended) {
      return null;
    }
    followers++;
    return shared;
  }

  private synchronized void leave() {
    followers--;
    notifyAll();
  }
}
