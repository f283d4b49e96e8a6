package dev.kumiko.bench;

import dev.kumiko.bench.report.Bars;
import dev.kumiko.bench.report.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the measured points say, as tables. */
final class SpeedTables {
  private static final String RATIO_NOTE =
      "A ratio is the other engine's time by Kumiko's: above 1, Kumiko is faster. ± is half of the"
          + " 95 % confidence interval.";
  private static final double TWO_THREADS = 1.8;
  private static final double PLAIN = 0.35;

  private final List<Measurement> all;

  SpeedTables(List<Measurement> all) {
    this.all = all;
  }

  /** Returns the tables that have rows. */
  List<Table> tables() {
    return List.of(
            againstOnnxRuntime(
                "Kumiko fp32 against ONNX Runtime fp32",
                EngineKind.KUMIKO_FP32,
                EngineKind.ONNXRUNTIME_FP32),
            againstOnnxRuntime(
                "Kumiko int8 against ONNX Runtime int8",
                EngineKind.KUMIKO_INT8,
                EngineKind.ONNXRUNTIME_INT8),
            againstOnnxRuntime(
                "Kumiko int8 with machine code against ONNX Runtime int8",
                EngineKind.KUMIKO_MACHINE_INT8,
                EngineKind.ONNXRUNTIME_INT8),
            others(),
            twoThreads(),
            everything())
        .stream()
        .filter(table -> !table.rows().isEmpty())
        .toList();
  }

  private Optional<Measurement> find(EngineKind engine, Workload workload, int threads) {
    Point point = new Point(engine, workload, threads);
    return all.stream().filter(m -> m.point().equals(point)).findFirst();
  }

  /** The better of one text at a time and sorted, padded batches. */
  private Optional<Measurement> best(EngineKind engine, Workload workload, int threads) {
    return all.stream()
        .filter(m -> m.point().engine().id().startsWith(engine.id()))
        .filter(m -> m.point().workload() == workload && m.point().threads() == threads)
        .min(Comparator.comparingDouble(Measurement::millis));
  }

  private Table againstOnnxRuntime(String title, EngineKind kumiko, EngineKind onnxRuntime) {
    List<List<String>> rows = new ArrayList<>();
    for (Measurement own : all) {
      Workload workload = own.point().workload();
      int threads = own.point().threads();
      Optional<Measurement> other = best(onnxRuntime, workload, threads);
      if (own.point().engine() == kumiko && other.isPresent()) {
        Measurement its = other.get();
        rows.add(
            List.of(
                workload.id() + ": " + workload.description(),
                Integer.toString(threads),
                time(own),
                time(its),
                its.point().engine().id().endsWith("batched") ? "batched" : "single",
                ratio(its, own),
                Numbers.target(
                    its.millis() / own.millis(), Targets.onnxRuntime(kumiko, workload, threads))));
      }
    }
    return new Table(
        title,
        List.of(
            "workload", "threads", "Kumiko ms", "ONNX Runtime ms", "best case", "ratio", "target"),
        rows,
        RATIO_NOTE
            + " ONNX Runtime's best case: the better of one text at a time and batches of 32, sorted"
            + " by length and padded.");
  }

  private Table others() {
    List<List<String>> rows = new ArrayList<>();
    for (Measurement its : all) {
      for (EngineKind kumiko : Targets.opponents(its.point().engine())) {
        find(kumiko, its.point().workload(), its.point().threads())
            .ifPresent(
                own ->
                    rows.add(
                        List.of(
                            its.point().engine().id(),
                            its.point().workload().id(),
                            Integer.toString(its.point().threads()),
                            time(its),
                            kumiko.id(),
                            time(own),
                            ratio(its, own),
                            Numbers.target(
                                its.millis() / own.millis(), Targets.other(its.point(), kumiko)))));
      }
    }
    return new Table(
        "Kumiko against others",
        List.of("engine", "workload", "threads", "ms", "against", "ms", "ratio", "target"),
        rows,
        "LangChain4j by embedAll with its defaults. The plain kernels are to reach "
            + PLAIN
            + " of the vector kernels' speed in fp32 on b, which is a ratio of at most "
            + Numbers.plain(1 / PLAIN)
            + ".");
  }

  private Table twoThreads() {
    List<List<String>> rows = new ArrayList<>();
    for (Measurement one : all) {
      EngineKind engine = one.point().engine();
      Workload workload = one.point().workload();
      Optional<Measurement> both = find(engine, workload, 2);
      if (one.point().threads() == 1 && both.isPresent()) {
        double wanted =
            engine.id().startsWith("kumiko") && workload == Workload.B ? TWO_THREADS : Double.NaN;
        rows.add(
            List.of(
                engine.id(),
                workload.id(),
                time(one),
                time(both.get()),
                ratio(one, both.get()),
                Numbers.target(one.millis() / both.get().millis(), wanted)));
      }
    }
    return new Table(
        "Two threads against one",
        List.of("engine", "workload", "1 thread ms", "2 threads ms", "ratio", "target"),
        rows,
        "");
  }

  private Table everything() {
    return new Table(
        "Every point",
        List.of(
            "engine",
            "workload",
            "threads",
            "ms",
            "tokens/s",
            "bytes/token",
            "peak MB",
            "worst cosine",
            "collector",
            "strip mining",
            "tile"),
        all.stream()
            .map(
                m ->
                    List.of(
                        m.point().engine().id(),
                        m.point().workload().id(),
                        Integer.toString(m.point().threads()),
                        time(m),
                        Numbers.plain(m.tokensPerSecond()),
                        Numbers.plain(m.bytesPerToken()),
                        Numbers.plain(m.peakMegabytes()),
                        "%.4f".formatted(m.worstCosine()),
                        m.settings().collector(),
                        m.settings().stripMining(),
                        m.tile().name()))
            .toList(),
        "bytes/token: allocated on the Java heap, results included. Peak MB: resident memory of the"
            + " whole process, JMH's included. Worst cosine: with ONNX Runtime's fp32 vectors. Collector and"
            + " loop strip mining (iterations between two safepoints) as the engine's process had"
            + " them. Tile: rows and vectors that Kumiko's products take at a time, none in plain Java.");
  }

  private static String time(Measurement m) {
    return Numbers.withError(m.millis(), m.error());
  }

  private static String ratio(Measurement above, Measurement below) {
    return Numbers.ratio(above.millis(), above.error(), below.millis(), below.error());
  }

  /** Returns tokens a second of every engine, the points of a workload side by side. */
  Bars bars() {
    List<String> groups = all.stream().map(SpeedTables::group).distinct().toList();
    List<Bars.Series> series = new ArrayList<>();
    for (EngineKind engine : EngineKind.values()) {
      List<Measurement> own = all.stream().filter(m -> m.point().engine() == engine).toList();
      if (!own.isEmpty()) {
        List<Double> values = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        for (String group : groups) {
          Optional<Measurement> m = own.stream().filter(o -> group(o).equals(group)).findFirst();
          values.add(m.map(Measurement::tokensPerSecond).orElse(Double.NaN));
          errors.add(m.map(o -> o.tokensPerSecond() * o.error() / o.millis()).orElse(Double.NaN));
        }
        series.add(new Bars.Series(engine.id(), engine.colour(), values, errors));
      }
    }
    return new Bars("all-MiniLM-L6-v2", "tokens a second, more is better", groups, series);
  }

  private static String group(Measurement m) {
    int threads = m.point().threads();
    return m.point().workload().description()
        + (threads == 1 ? ", 1 thread" : ", " + threads + " threads");
  }
}
