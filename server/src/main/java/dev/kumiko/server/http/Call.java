package dev.kumiko.server.http;

import dev.kumiko.ModelChangedException;
import dev.kumiko.UnusableModelException;
import dev.kumiko.format.Json;
import dev.kumiko.server.batch.Batcher;
import dev.kumiko.server.batch.Computation;
import dev.kumiko.server.batch.Job;
import dev.kumiko.server.batch.QueueFullException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.server.Request;

/** One request on its way through a route. For one thread. */
public final class Call {
  private final Request request;
  private final BodyReader bodies;
  private final Batcher batcher;
  private final GoneClients.Watch watch;
  private final Object client;
  private final Notes notes;
  private final MemoryBudget.Share share;

  /**
   * A call.
   *
   * @param share is taken of as the body is read and its inputs are computed
   */
  Call(
      Request request,
      BodyReader bodies,
      MemoryBudget.Share share,
      Batcher batcher,
      GoneClients gone,
      Object client,
      Notes notes) {
    this.request = request;
    this.bodies = bodies;
    this.batcher = batcher;
    this.watch = gone.watch(request);
    this.client = client;
    this.notes = notes;
    this.share = share;
  }

  /**
   * Reads the body.
   *
   * @return its JSON
   * @throws ApiException if it is too large or too slow, or no JSON
   */
  public Json body() throws ApiException {
    return bodies.read(request, share);
  }

  /** {@return what the log and the metrics hear of this call} */
  public Notes notes() {
    return notes;
  }

  /**
   * Computes, together with what others ask for.
   *
   * @param computation what to compute
   * @param inputs any number of inputs
   * @param <I> what is computed on
   * @param <O> what becomes of one input
   * @return one result for each input, in the same order; null for those that were not computed, if
   *     one ended the job, see {@link Computation#endsJob}
   * @throws ApiException if there is no room, or computing failed
   * @throws InterruptedException if the server stops
   */
  public <I, O> List<O> compute(Computation<I, O> computation, List<I> inputs)
      throws ApiException, InterruptedException {
    if (inputs.isEmpty()) {
      return List.of();
    }
    for (I input : inputs) {
      share.take(computation.resultBytes(input));
    }
    Job<I, O> job = submit(computation, inputs);
    watch.begin(job::cancel);
    try {
      List<O> results = job.await();
      int computed = (int) results.stream().filter(Objects::nonNull).count();
      notes.computed(computed, job.queueNanos());
      return results;
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (CancellationException e) {
      throw new ApiException(Fault.UNAVAILABLE, "the client has gone");
    } catch (InterruptedException e) {
      job.cancel();
      throw e;
    } finally {
      watch.end();
    }
  }

  private <I, O> Job<I, O> submit(Computation<I, O> computation, List<I> inputs)
      throws ApiException {
    try {
      return batcher.submit(client, computation, inputs);
    } catch (QueueFullException e) {
      throw new ApiException(
          Fault.BUSY,
          e.retryAfter(),
          e.getMessage() + "; try again in " + e.retryAfter().toSeconds() + " s",
          e);
    } catch (IllegalStateException e) {
      throw new ApiException(Fault.UNAVAILABLE, Duration.ofSeconds(1), e.getMessage(), e);
    }
  }

  private static ApiException failure(Throwable cause) {
    return switch (cause) {
      case ModelChangedException e ->
          new ApiException(
              Fault.MODEL_CHANGED,
              null,
              e.getMessage() + "; the server has to be started again",
              e);
      case UnusableModelException e -> new ApiException(Fault.FAILED, null, e.getMessage(), e);
      case IllegalArgumentException e -> new ApiException(Fault.INVALID, null, e.getMessage(), e);
      case OutOfMemoryError e ->
          new ApiException(Fault.FAILED, null, CommonErrors.LITTLE_MEMORY, e);
      default -> new ApiException(Fault.FAILED, null, "the server failed; its log says why", cause);
    };
  }
}
