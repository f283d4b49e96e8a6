package dev.kumiko;

import dev.kumiko.encode.Encoder;
import dev.kumiko.encode.Workspace;
import dev.kumiko.tokenize.Encoding;
import java.util.concurrent.CancellationException;

/**
 * A call with many inputs: several threads run {@link #run}, take inputs in their order, and encode
 * them each on its own, so that nothing makes them wait for one another.
 *
 * <p>A workspace is borrowed for one batch only: a call with a million inputs lets others have
 * their turn in between.
 */
final class TextsPass implements Runnable {
  private final EncoderWork work;
  private final Encoder encoder;
  private final Workspaces.Guest guest;
  private final int rowsAtATime;
  private final Thread caller = Thread.currentThread();
  private int next;

  /**
   * A pass for the calling thread.
   *
   * @param rowsAtATime a single piece may have more
   */
  TextsPass(EncoderWork work, Encoder encoder, Workspaces workspaces, int rowsAtATime) {
    this.work = work;
    this.encoder = encoder;
    this.guest = workspaces.guest(caller);
    this.rowsAtATime = rowsAtATime;
  }

  /**
   * Works until no input is left.
   *
   * @throws CancellationException if the calling thread is interrupted
   */
  @Override
  public void run() {
    Helping helping = new Helping();
    boolean complete = false;
    try {
      for (int input = take(); input >= 0; input = take()) {
        work.tokenize(input, helping);
      }
      helping.encode();
      complete = true;
    } finally {
      if (!complete) {
        takeAll();
      }
    }
  }

  /** Helpers leave the rest to the calling thread when other callers wait. */
  private int take() {
    if (!caller.equals(Thread.currentThread()) && guest.othersWait()) {
      return -1;
    }
    synchronized (this) {
      return next < work.inputs() ? next++ : -1;
    }
  }

  /** Leaves nothing for the other threads when one has failed. */
  private synchronized void takeAll() {
    next = work.inputs();
  }

  /** What one thread encodes together. */
  private final class Helping implements EncoderWork.Pieces {
    private PackedBatch batch = new PackedBatch();

    @Override
    public void add(Encoding encoding, EncoderWork.Receiver receiver) {
      if (!batch.takes(encoding, rowsAtATime)) {
        encode();
      }
      batch.add(encoding, receiver);
    }

    void encode() {
      if (batch.isEmpty()) {
        return;
      }
      try (Workspaces.Lease lease = guest.borrow(batch.rows())) {
        Workspace workspace = lease.workspace();
        batch.fill(workspace);
        if (batch.rows() > 0) {
          encoder.encode(workspace);
        }
        batch.handOut(workspace);
        lease.complete();
      }
      work.handedOut();
      batch = new PackedBatch();
    }
  }
}
