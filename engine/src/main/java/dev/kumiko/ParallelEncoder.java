package dev.kumiko;

import dev.kumiko.encode.Encoder;
import dev.kumiko.format.Architecture;
import dev.kumiko.parallel.Workers;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Optional;

/**
 * An encoder with the threads that work for it and the memory they work in. Safe for concurrent
 * use.
 */
final class ParallelEncoder implements AutoCloseable {
  /** Packed rows are at least so many, where there are as many. */
  private static final int FEWEST_ROWS = 64;

  /** Unmaps the files of embedders that nobody closed. */
  private static final Cleaner CLEANER = Cleaner.create();

  private final Encoder encoder;
  private final Workers workers;
  private final Workspaces workspaces;
  private final OpenCalls calls;

  /**
   * Takes an encoder over.
   *
   * @param owner who is closed, for messages
   */
  ParallelEncoder(String owner, Architecture sizes, Encoder encoder, Workers workers) {
    this.encoder = encoder;
    this.workers = workers;
    this.workspaces = new Workspaces(sizes, workers.threads());
    Cleaner.Cleanable resources =
        CLEANER.register(
            this,
            () -> {
              workers.close();
              encoder.close();
            });
    this.calls = new OpenCalls(owner, resources::clean);
  }

  /**
   * Encodes all inputs on the calling thread and as many helpers as there are threads that other
   * calls leave over.
   *
   * @throws IllegalStateException if it is closed
   * @throws ModelChangedException if the model file was written to
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  void run(EncoderWork work) {
    calls.enter();
    try {
      int threads = freeThreads();
      if (work.inputs() < threads) {
        RowsPass pass = new RowsPass(work, encoder, workspaces, threads);
        workers.run(() -> help(pass), pass.threads() - 1);
      } else {
        int rows = rowsAtATime(work, threads);
        TextsPass pass = new TextsPass(work, encoder, workspaces, rows);
        workers.run(() -> help(pass), threads - 1);
      }
      requireUnchanged();
    } catch (InternalError | UnusableModelException e) {
      requireUnchanged(); // what was cut off a mapped file, or written into it
      throw e;
    } finally {
      calls.leave();
      Reference.reachabilityFence(this); // or the cleaner could unmap the table under the call
    }
  }

  /** A thread that closes the encoder while it helps must not wait for itself. */
  private void help(Runnable pass) {
    calls.help();
    try {
      pass.run();
    } finally {
      calls.leave();
    }
  }

  private void requireUnchanged() {
    Optional<String> change = encoder.change();
    if (change.isPresent()) {
      throw new ModelChangedException(change.get());
    }
  }

  /** When there are as many calls as threads, they gain nothing from one another's. */
  private int freeThreads() {
    return Math.max(1, workers.threads() - workspaces.lent());
  }

  /** Several threads get small helpings, so that they finish at about the same time. */
  private static int rowsAtATime(EncoderWork work, int threads) {
    if (threads == 1) {
      return Workspaces.ROWS;
    }
    long rows = 0;
    for (int input = 0; input < work.inputs(); input++) {
      // About five characters make a token, and every text has two special ones.
      rows += Math.min(work.length(input) / 5 + 2, work.maxTokens());
    }
    return Math.clamp(rows / (2L * threads), FEWEST_ROWS, Workspaces.ROWS);
  }

  /** Throws {@link IllegalStateException} if it is closed. */
  void requireOpen() {
    calls.requireOpen();
  }

  /** As {@link Embedder#close}. */
  @Override
  public void close() {
    calls.shut();
    workspaces.refuseWaiting(calls.refusal());
    calls.close();
  }
}
