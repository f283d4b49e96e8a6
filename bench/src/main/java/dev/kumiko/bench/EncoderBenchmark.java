package dev.kumiko.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time to embed a workload, every point in a JVM of its own. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class EncoderBenchmark {
  /** System property with the folder of {@link Models}. */
  static final String MODELS = "kumiko.bench.models";

  /** Engine, workload and threads, such as {@code kumiko-int8/b/2}. */
  @Param({})
  public String point;

  private Engine subject;
  private List<String> texts;

  /** Loads the engine, warms it up, and checks its vectors. */
  @Setup(Level.Trial)
  public void load() throws IOException {
    Point what = Point.of(point);
    Models models = new Models(Path.of(System.getProperty(MODELS)));
    texts = what.workload().texts();
    subject = what.engine().load(models, what.threads());
    SteadyState.reach(() -> subject.embed(texts));
    // With the kernels that are timed, not with those that run before the JIT has compiled them.
    ForkFacts.worstCosine(
        Equality.check(
            what.engine(),
            Reference.read(models.reference(what.workload())),
            subject.embed(texts)));
    ForkFacts.tile(new Tile(subject.tile()));
  }

  /** Embeds all texts of the workload. */
  @Benchmark
  public float[][] embed() {
    return subject.embed(texts);
  }

  /** Frees the engine. */
  @TearDown(Level.Trial)
  public void close() {
    subject.close();
  }
}
