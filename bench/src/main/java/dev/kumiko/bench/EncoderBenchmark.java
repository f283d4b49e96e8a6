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
  private static final int THREADS = 1;
  private static final int BATCH = 32;

  /** The engine: ONNX Runtime runs one text at a time, or sorted in padded batches of 32. */
  @Param({
    "kumiko-fp32",
    "onnxruntime-fp32",
    "onnxruntime-fp32-batched",
    "kumiko-int8",
    "onnxruntime-int8",
    "onnxruntime-int8-batched"
  })
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
          case "kumiko-fp32" -> KumikoEngine.fp32(THREADS);
          case "kumiko-int8" -> KumikoEngine.int8(THREADS);
          case "onnxruntime-fp32" -> new OnnxRuntimeEngine(Models.FP32, THREADS, 1);
          case "onnxruntime-fp32-batched" -> new OnnxRuntimeEngine(Models.FP32, THREADS, BATCH);
          case "onnxruntime-int8" -> new OnnxRuntimeEngine(Models.INT8, THREADS, 1);
          case "onnxruntime-int8-batched" -> new OnnxRuntimeEngine(Models.INT8, THREADS, BATCH);
          default -> throw new IllegalArgumentException("there is no engine " + engine);
        };
    try (Engine reference = new OnnxRuntimeEngine(Models.FP32, THREADS, 1)) {
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
