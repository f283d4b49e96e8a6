package dev.kumiko.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Measures programs that embed one text: from the start of the process to the first vector. */
final class ColdStart {
  static final List<EngineKind> ENGINES =
      List.of(
          EngineKind.KUMIKO_INT8,
          EngineKind.KUMIKO_MACHINE_INT8,
          EngineKind.PLAIN_INT8,
          EngineKind.KUMIKO_FP32,
          EngineKind.ONNXRUNTIME_INT8,
          EngineKind.ONNXRUNTIME_FP32,
          EngineKind.LANGCHAIN4J_INT8,
          EngineKind.LANGCHAIN4J_FP32);

  private static final String OWN_JARS = "(kumiko-|jackson-core-3).*";

  private ColdStart() {}

  /**
   * Medians of one engine.
   *
   * @param cached whether the JVM had a cache or an archive of classes of an earlier run
   */
  record Start(EngineKind engine, boolean cached, double millis, double peakMegabytes) {}

  private record Run(double millis, double peakMegabytes) {}

  private record Case(EngineKind engine, boolean cached) {}

  /** Measures engines with and without a cache, {@code runs} times, taking turns. */
  static List<Start> measure(Models models, List<EngineKind> engines, int runs, Path log)
      throws IOException {
    Map<Case, List<Run>> results = new LinkedHashMap<>();
    for (EngineKind engine : engines.stream().filter(EngineKind::isThere).toList()) {
      start(engine, models, log, List.of(writing(engine) + cache(engine, models)));
      results.put(new Case(engine, false), new ArrayList<>());
      results.put(new Case(engine, true), new ArrayList<>());
    }
    for (int i = 0; i < runs; i++) {
      for (Map.Entry<Case, List<Run>> entry : results.entrySet()) {
        Case what = entry.getKey();
        List<String> flags =
            what.cached()
                ? List.of(reading(what.engine()) + cache(what.engine(), models))
                : List.of("-XX:AOTMode=off");
        entry.getValue().add(start(what.engine(), models, log, flags));
      }
    }
    List<Start> starts = new ArrayList<>();
    results.forEach(
        (what, times) ->
            starts.add(
                new Start(
                    what.engine(),
                    what.cached(),
                    median(times.stream().mapToDouble(Run::millis).toArray()),
                    median(times.stream().mapToDouble(Run::peakMegabytes).toArray()))));
    return starts;
  }

  private static Path cache(EngineKind engine, Models models) {
    return models.folder().resolve(engine.id() + ".cache");
  }

  private static String writing(EngineKind engine) {
    return incubates(engine) ? "-XX:ArchiveClassesAtExit=" : "-XX:AOTCacheOutput=";
  }

  private static String reading(EngineKind engine) {
    return incubates(engine) ? "-XX:SharedArchiveFile=" : "-XX:AOTCache=";
  }

  /** With an incubator module an AOT cache has no lambdas, which an archive of classes has. */
  private static boolean incubates(EngineKind engine) {
    return engine.jvmFlags(List.of()).stream().anyMatch(flag -> flag.contains("incubator"));
  }

  private static Run start(EngineKind engine, Models models, Path log, List<String> more)
      throws IOException {
    List<String> flags = new ArrayList<>(engine.jvmFlags(List.of()));
    flags.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr"));
    flags.addAll(more);
    ChildJvm.Answer answer =
        ChildJvm.run(
            log,
            flags,
            classPath(engine),
            FirstVector.class,
            engine.name(),
            models.folder().toString());
    return new Run(answer.millisToFirstLine(), Double.parseDouble(answer.lines().get(1)));
  }

  /** An application has what its engine needs, not what this benchmark needs. */
  static String classPath(EngineKind engine) {
    String all = System.getProperty("java.class.path");
    String pattern =
        switch (engine) {
          case KUMIKO_FP32, KUMIKO_INT8, KUMIKO_MACHINE_INT8, PLAIN_FP32, PLAIN_INT8 -> OWN_JARS;
          case ONNXRUNTIME_FP32,
              ONNXRUNTIME_INT8,
              ONNXRUNTIME_FP32_BATCHED,
              ONNXRUNTIME_INT8_BATCHED ->
              OWN_JARS + "|onnxruntime-.*";
          default -> ".*";
        };
    return Arrays.stream(all.split(File.pathSeparator, -1))
        .filter(
            entry ->
                Files.isDirectory(Path.of(entry))
                    || String.valueOf(Path.of(entry).getFileName()).matches(pattern))
        .collect(Collectors.joining(File.pathSeparator));
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
