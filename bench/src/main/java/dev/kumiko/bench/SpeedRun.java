package dev.kumiko.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/** Measures points with JMH, each in a fork of its own. */
final class SpeedRun {
  private static final double CONFIDENCE = 0.95;
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  private final Plan plan;
  private final Models models;
  private final Path logs;
  private final List<String> more;

  /**
   * Creates a run.
   *
   * @param logs folder for what JMH prints
   * @param more flags for Kumiko's processes
   */
  SpeedRun(Plan plan, Models models, Path logs, List<String> more) {
    this.plan = plan;
    this.models = models;
    this.logs = logs;
    this.more = more;
  }

  /** Measures one point. */
  Measurement measure(Point point) throws IOException {
    Path log = logs.resolve(point.toString().replace('/', '-') + ".txt");
    List<String> flags = new ArrayList<>(point.engine().jvmFlags(more));
    flags.add("-D" + EncoderBenchmark.MODELS + "=" + models.folder());
    try {
      RunResult result =
          new Runner(
                  new OptionsBuilder()
                      .include(EncoderBenchmark.class.getName())
                      .param("point", point.toString())
                      .jvmArgsAppend(flags.toArray(String[]::new))
                      .measurementIterations(plan.iterations())
                      .measurementTime(TimeValue.milliseconds(plan.iterationMillis()))
                      .addProfiler(GCProfiler.class)
                      .addProfiler(ForkFacts.class)
                      .shouldFailOnError(true)
                      .output(log.toString())
                      .build())
              .runSingle();
      return measurement(point, result);
    } catch (RunnerException e) {
      throw new IOException(point + " failed; " + log + " says why", e);
    }
  }

  private static Measurement measurement(Point point, RunResult result) {
    Statistics times = result.getPrimaryResult().getStatistics();
    return new Measurement(
        point,
        times.getMean(),
        times.getMeanErrorAt(CONFIDENCE),
        score(result, ALLOCATION) / Workload.tokens(point.workload().texts()),
        score(result, ForkFacts.PEAK_MEMORY),
        score(result, ForkFacts.WORST_COSINE),
        JvmSettings.of(score(result, ForkFacts.COLLECTOR), score(result, ForkFacts.STRIP_MINING)),
        Tile.of(score(result, ForkFacts.TILE)));
  }

  /** JMH puts a dot before the names of its own profilers' results in some versions. */
  private static double score(RunResult result, String name) {
    Set<String> names = result.getSecondaryResults().keySet();
    for (String candidate : names) {
      if (candidate.endsWith(name)) {
        return result.getSecondaryResults().get(candidate).getScore();
      }
    }
    return Double.NaN;
  }
}
