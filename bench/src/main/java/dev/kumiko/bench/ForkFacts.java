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
  static final String COLLECTOR = "jvm.collector";
  static final String STRIP_MINING = "jvm.strip.mining";
  static final String WORST_COSINE = "worst.cosine";
  static final String TILE = "tile";

  private static volatile double worstCosine = Double.NaN;
  private static volatile Tile tile = new Tile("");

  static void worstCosine(double cosine) {
    worstCosine = cosine;
  }

  static void tile(Tile used) {
    tile = used;
  }

  @Override
  public String getDescription() {
    return "Peak resident memory, agreement with the reference, and what the JVM chose";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    // Both are known afterwards.
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    JvmSettings jvm = JvmSettings.here();
    return List.of(
        new ScalarResult(COLLECTOR, jvm.collectorCode(), "", AggregationPolicy.MAX),
        new ScalarResult(STRIP_MINING, (double) jvm.strip(), "", AggregationPolicy.MAX),
        new ScalarResult(PEAK_MEMORY, PeakMemory.megabytes(), "MB", AggregationPolicy.MAX),
        new ScalarResult(TILE, tile.code(), "", AggregationPolicy.MAX),
        new ScalarResult(WORST_COSINE, worstCosine, "", AggregationPolicy.MIN));
  }
}
