package dev.kumiko.bench;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/** Carries what a fork finds out besides times into JMH's results. */
public final class ForkFacts implements InternalProfiler {
  static final String PEAK_MEMORY = "peak.memory";
  static final String WORST_COSINE = "worst.cosine";

  private static volatile double worstCosine = Double.NaN;

  static void worstCosine(double cosine) {
    worstCosine = cosine;
  }

  @Override
  public String getDescription() {
    return "Peak resident memory, and agreement with the reference";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    // Both are known afterwards.
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    return List.of(
        new ScalarResult(PEAK_MEMORY, PeakMemory.megabytes(), "MB", AggregationPolicy.MAX),
        new ScalarResult(WORST_COSINE, worstCosine, "", AggregationPolicy.MIN));
  }
}
