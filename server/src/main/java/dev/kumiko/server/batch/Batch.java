package dev.kumiko.server.batch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Inputs that are computed together, of one job or of several. */
final class Batch<I, O> {
  /** An input that costs more is computed alone: it would hold up short ones. */
  static final int LONG = 256;

  /** One input of a job. */
  private record Share<I, O>(Job<I, O> job, int index) {}

  private final Computation<I, O> computation;
  private final List<Share<I, O>> shares = new ArrayList<>();
  private int cost;

  Batch(Computation<I, O> computation) {
    this.computation = computation;
  }

  /** Takes the job's next input, whose computation must equal that of this batch. */
  @SuppressWarnings("unchecked") // Equal computations compute on the same.
  void take(Job<?, ?> job) {
    cost += job.nextCost();
    shares.add(new Share<>((Job<I, O>) job, job.take()));
  }

  /** Returns whether the job's next input may be computed with these. */
  boolean takes(Job<?, ?> job, int most) {
    return !isLong() && cost + job.nextCost() <= most && computation.equals(job.computation());
  }

  /** Returns whether this is one long input, which is computed alone. */
  boolean isLong() {
    return shares.size() == 1 && cost > LONG;
  }

  int inputs() {
    return shares.size();
  }

  int tokens() {
    return cost;
  }

  /** Computes all, and each job on its own if that fails: others are not to pay for one's input. */
  void run() {
    long now = System.nanoTime();
    shares.forEach(share -> share.job().begin(now));
    try {
      compute(shares);
    } catch (Throwable e) { // an OutOfMemoryError, too, must not end the pool
      Map<Job<I, O>, List<Share<I, O>>> jobs = new LinkedHashMap<>();
      for (Share<I, O> share : shares) {
        jobs.computeIfAbsent(share.job(), job -> new ArrayList<>()).add(share);
      }
      if (jobs.size() == 1) {
        jobs.keySet().forEach(job -> job.fail(e));
      } else {
        jobs.forEach(this::computeAlone);
      }
    }
  }

  /** Gives all jobs up that have no result yet. */
  void fail(Throwable cause) {
    shares.forEach(share -> share.job().fail(cause));
  }

  private void computeAlone(Job<I, O> job, List<Share<I, O>> own) {
    try {
      compute(own);
    } catch (Throwable e) {
      job.fail(e);
    }
  }

  private void compute(List<Share<I, O>> some) {
    List<I> inputs = new ArrayList<>(some.size());
    some.forEach(share -> inputs.add(share.job().input(share.index())));
    List<O> results = computation.compute(inputs);
    if (results.size() != inputs.size()) {
      throw new IllegalStateException(
          "%d results for %d inputs".formatted(results.size(), inputs.size()));
    }
    for (int i = 0; i < results.size(); i++) {
      some.get(i).job().finish(some.get(i).index(), results.get(i));
    }
  }
}
