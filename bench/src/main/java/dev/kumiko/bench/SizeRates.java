package dev.kumiko.bench;

import dev.kumiko.bench.report.Table;
import dev.kumiko.tools.generate.PublishedShape;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tokens a second of LaBSE and LEALLA with all their layers, Kumiko in fp32 and int8 beside ONNX
 * Runtime, on one thread. Each engine has a process of its own; in every round each model of each
 * engine has its turn.
 */
final class SizeRates {
  private static final EngineKind FP32 = EngineKind.KUMIKO_FP32;
  private static final EngineKind INT8 = EngineKind.KUMIKO_INT8;
  private static final EngineKind ONNX = EngineKind.ONNXRUNTIME_FP32_BATCHED;

  private static final int ROUNDS = 7;
  private static final int FEW = 32;
  private static final int MANY = 256;
  private static final List<Integer> BATCHES = List.of(FEW, MANY);

  /** So many times LaBSE's speed at least. */
  private static final Map<PublishedShape, Double> TIMES_LABSE =
      Map.of(
          PublishedShape.LEALLA_SMALL, 8.0,
          PublishedShape.LEALLA_BASE, 4.5,
          PublishedShape.LEALLA_LARGE, 3.0);

  /** So many times ONNX Runtime's speed at least. */
  private static final Map<PublishedShape, Double> TIMES_ONNX =
      Map.of(PublishedShape.LEALLA_SMALL, 1.3);

  /**
   * So many texts of {@link #MANY} the large models get in a turn: a call's texts are computed a
   * few at a time, so that all of them take longer and are no faster.
   */
  private static final int SHARE_OF_MANY = 64;

  private static final Set<PublishedShape> LARGE =
      Set.of(PublishedShape.LEALLA_LARGE, PublishedShape.LABSE);

  /** What is measured: a batch of a model on an engine. */
  record Run(EngineKind engine, String model, int batch) {
    /** Returns how many texts are embedded in a turn. */
    int texts() {
      boolean large = LARGE.stream().anyMatch(shape -> shape.title().equals(model));
      return large && batch == MANY ? SHARE_OF_MANY : batch;
    }
  }

  private final Map<Run, double[]> millis;

  /**
   * Takes what was measured.
   *
   * @param millis of every round
   */
  SizeRates(Map<Run, double[]> millis) {
    this.millis = millis;
  }

  /** Measures. */
  static List<Table> measure(SizeModels models, Path log, List<String> more, PrintStream progress)
      throws IOException {
    Map<Run, double[]> millis = new LinkedHashMap<>();
    Map<EngineKind, AnsweringJvm> processes = new EnumMap<>(EngineKind.class);
    try {
      for (EngineKind engine : List.of(FP32, INT8, ONNX)) {
        processes.put(engine, prepare(engine, models, log, more, progress));
      }
      check(models);
      for (int round = 0; round < ROUNDS; round++) {
        progress.println("kumiko: LaBSE and LEALLA, round %d of %d".formatted(round + 1, ROUNDS));
        for (Run run : runs()) {
          String answer = processes.get(run.engine()).ask(run.model() + " " + run.texts());
          millis.computeIfAbsent(run, key -> new double[ROUNDS])[round] =
              Double.parseDouble(answer);
        }
      }
    } finally {
      processes.values().forEach(AnsweringJvm::close);
    }
    return new SizeRates(millis).tables();
  }

  private static AnsweringJvm prepare(
      EngineKind engine, SizeModels models, Path log, List<String> more, PrintStream progress)
      throws IOException {
    progress.println("kumiko: warming up " + engine.id());
    AnsweringJvm process =
        new AnsweringJvm(
            log,
            engine.jvmFlags(more),
            System.getProperty("java.class.path"),
            SizeEngines.class,
            engine.id(),
            models.models().folder().toString());
    try {
      for (String name : SizeModels.names(engine)) {
        process.ask(SizeEngines.PREPARE + " " + name);
      }
      return process;
    } catch (IOException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /** Time counts only of right vectors: those of Kumiko in fp32, of the published export. */
  private static void check(SizeModels models) throws IOException {
    for (PublishedShape shape : SizeModels.SHAPES) {
      String name = shape.title();
      float[][] right = Reference.read(models.vectors(name, FP32));
      for (EngineKind engine : List.of(INT8, ONNX)) {
        if (SizeModels.names(engine).contains(name)) {
          Equality.check(engine, right, Reference.read(models.vectors(name, engine)));
        }
      }
    }
    Equality.check(
        ONNX,
        Reference.read(models.vectors(SizeModels.PUBLISHED, ONNX)),
        Reference.read(models.vectors(SizeModels.WRITTEN, ONNX)));
  }

  /** ONNX Runtime gets a large batch of the smallest model only: it takes it in small ones. */
  private static List<Run> runs() {
    List<String> small = SizeModels.names(ONNX);
    List<Run> runs = new ArrayList<>();
    for (int batch : BATCHES) {
      for (PublishedShape shape : SizeModels.SHAPES) {
        String name = shape.title();
        runs.add(new Run(FP32, name, batch));
        if (batch == FEW ? small.contains(name) : shape == PublishedShape.LEALLA_SMALL) {
          runs.add(new Run(ONNX, name, batch));
        }
        runs.add(new Run(INT8, name, batch));
      }
    }
    runs.add(new Run(ONNX, SizeModels.WRITTEN, FEW));
    runs.add(new Run(ONNX, SizeModels.PUBLISHED, FEW));
    return runs;
  }

  /** Returns the tokens a second of the best round; NaN for what was not measured. */
  private double rate(EngineKind engine, String model, int batch) {
    Run run = new Run(engine, model, batch);
    double[] found = millis.getOrDefault(run, new double[0]);
    double least = Arrays.stream(found).min().orElse(Double.NaN);
    return run.texts() * SizeEngines.TOKENS * 1e3 / least;
  }

  List<Table> tables() {
    return List.of(onnx(), labse(), fairness());
  }

  private Table onnx() {
    List<List<String>> rows = new ArrayList<>();
    for (int batch : BATCHES) {
      for (PublishedShape shape : SizeModels.SHAPES) {
        double fp32 = rate(FP32, shape.title(), batch);
        double onnx = rate(ONNX, shape.title(), batch);
        double least = TIMES_ONNX.getOrDefault(shape, Double.NaN);
        rows.add(
            List.of(
                shape.title(),
                Integer.toString(batch),
                Numbers.plain(fp32),
                Numbers.plain(rate(INT8, shape.title(), batch)),
                Numbers.plain(onnx),
                Numbers.plain(fp32 / onnx),
                target(fp32 / onnx, least)));
      }
    }
    return new Table(
        "LaBSE and LEALLA at full size, tokens a second, one thread",
        List.of(
            "model",
            "texts",
            "Kumiko fp32",
            "Kumiko int8",
            "ONNX Runtime fp32",
            "fp32 by ONNX Runtime",
            "target"),
        rows,
        ("Random weights, for measuring: all layers, %,d rows of tokens. Each text has exactly %d"
                + " tokens, and every engine gets it as text; the best of %d rounds in which all take"
                + " turns. Of %d texts the two large models get %d in a turn. ONNX Runtime gets"
                + " Kumiko's tokenizer, batches of %d, which suit it best, and a graph with its own"
                + " operators; before the rounds its vectors were found to be Kumiko's, each"
                + " component within 5e-6.")
            .formatted(
                SizeModels.TOKEN_ROWS,
                SizeEngines.TOKENS,
                ROUNDS,
                MANY,
                SHARE_OF_MANY,
                SizeModels.ONNX_BATCH));
  }

  private Table labse() {
    List<List<String>> rows = new ArrayList<>();
    for (int batch : BATCHES) {
      for (PublishedShape shape : SizeModels.SHAPES) {
        double least = TIMES_LABSE.getOrDefault(shape, Double.NaN);
        double fp32 = timesLabse(FP32, shape, batch);
        double int8 = timesLabse(INT8, shape, batch);
        rows.add(
            List.of(
                shape.title(),
                Integer.toString(batch),
                Numbers.plain(fp32),
                target(fp32, least),
                Numbers.plain(int8),
                target(int8, least)));
      }
    }
    return new Table(
        "LEALLA's speed by LaBSE's, the same run",
        List.of("model", "texts", "fp32", "target", "int8", "target"),
        rows,
        "Random weights, for measuring.");
  }

  private static String target(double ratio, double least) {
    return Double.isNaN(ratio) ? "" : Numbers.target(ratio, least);
  }

  private double timesLabse(EngineKind engine, PublishedShape shape, int batch) {
    return rate(engine, shape.title(), batch) / rate(engine, PublishedShape.LABSE.title(), batch);
  }

  private Table fairness() {
    double published = rate(ONNX, SizeModels.PUBLISHED, FEW);
    double written = rate(ONNX, SizeModels.WRITTEN, FEW);
    return new Table(
        "ONNX Runtime on a graph that the benchmark has written, tokens a second",
        List.of("model", "texts", "published", "written", "ratio"),
        List.of(
            List.of(
                "all-MiniLM-L6-v2",
                Integer.toString(FEW),
                Numbers.plain(published),
                Numbers.plain(written),
                Numbers.plain(written / published))),
        "The export that was published beside a graph as LEALLA gets it; both give the same vectors. A"
            + " ratio near 1 or above: what is compared above is as good as an export.");
  }
}
