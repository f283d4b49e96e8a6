package dev.kumiko.server.batch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Inputs of one request, which may be computed in several batches. Safe for concurrent use.
 *
 * @param <I> what is computed on
 * @param <O> what becomes of one input
 */
public final class Job<I, O> {
  private final Object client;
  private final Consumer<Job<?, ?>> whenEnded;
  private final Computation<I, O> computation;
  private final List<I> inputs;
  private final int[] costs;
  private final List<O> results;
  private final CompletableFuture<List<O>> future = new CompletableFuture<>();
  private final long submitted = System.nanoTime();
  private volatile long begun;
  private int missing;

  /** Guarded by the batcher's lock: how many inputs are in batches already. */
  private int taken;

  /**
   * A job.
   *
   * @param whenEnded hears, once or several times, that it ends before all is computed
   */
  Job(Object client, Computation<I, O> computation, List<I> inputs, Consumer<Job<?, ?>> whenEnded) {
    this.client = client;
    this.whenEnded = whenEnded;
    this.computation = computation;
    this.inputs = List.copyOf(inputs);
    this.costs =
        this.inputs.stream().mapToInt(input -> Math.max(1, computation.cost(input))).toArray();
    this.results = new ArrayList<>(Collections.nCopies(inputs.size(), null));
    this.missing = inputs.size();
  }

  /**
   * Waits for the results.
   *
   * @return one for each input, in the same order; null for those that were not computed, if one
   *     ended the job, see {@link Computation#endsJob}
   * @throws ExecutionException if computing failed; its cause says why
   * @throws CancellationException if the job was cancelled
   * @throws InterruptedException if the calling thread is interrupted; the job goes on
   */
  public List<O> await() throws ExecutionException, InterruptedException {
    return future.get();
  }

  /**
   * Gives the job up: whoever waits gets a {@link CancellationException}, and what has not begun is
   * not computed.
   */
  public void cancel() {
    future.cancel(false);
    whenEnded.accept(this);
  }

  /** {@return how long the first input waited for its turn, in nanoseconds} */
  public long queueNanos() {
    return begun == 0 ? System.nanoTime() - submitted : begun - submitted;
  }

  Object client() {
    return client;
  }

  Computation<I, O> computation() {
    return computation;
  }

  I input(int index) {
    return inputs.get(index);
  }

  int left() {
    return inputs.size() - taken;
  }

  int nextCost() {
    return costs[taken];
  }

  long leftCost() {
    long sum = 0;
    for (int i = taken; i < costs.length; i++) {
      sum += costs[i];
    }
    return sum;
  }

  int take() {
    return taken++;
  }

  void begin(long now) {
    if (begun == 0) {
      begun = now;
    }
  }

  void fail(Throwable cause) {
    future.completeExceptionally(cause);
    whenEnded.accept(this);
  }

  void finish(int index, O result) {
    boolean ends = computation.endsJob(result);
    List<O> complete = null;
    synchronized (this) {
      results.set(index, result);
      missing--;
      if (ends || missing == 0) {
        complete = new ArrayList<>(results);
      }
    }
    if (complete != null) {
      future.complete(complete);
    }
    if (ends) {
      whenEnded.accept(this);
    }
  }
}
