package dev.kumiko.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time to embed a workload, Kumiko beside ONNX Runtime, one thread each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Xmx2g"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EncoderBenchmark {
  /** The engine: ONNX Runtime runs one text at a time, or sorted in padded batches of 32. */
  @Param({"kumiko", "onnxruntime", "onnxruntime-batched"})
  public String engine;

  /** The texts. */
  @Param public Workload workload;

  private Engine subject;
  private List<String> texts;

  /** Loads the engine and checks its vectors against ONNX Runtime, one text at a time. */
  @Setup(Level.Trial)
  public void load() {
    texts = workload.texts();
    subject =
        switch (engine) {
          case "kumiko" -> new KumikoEngine(1);
          case "onnxruntime" -> new OnnxRuntimeEngine(1, 1);
          case "onnxruntime-batched" -> new OnnxRuntimeEngine(1, 32);
          default -> throw new IllegalArgumentException("there is no engine " + engine);
        };
    try (Engine reference = new OnnxRuntimeEngine(1, 1)) {
      Equality.check(engine, reference.embed(texts), subject.embed(texts));
    }
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
