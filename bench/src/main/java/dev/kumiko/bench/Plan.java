package dev.kumiko.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run measures.
 *
 * @param iterations of every point
 * @param iterationMillis shortest time of one
 * @param starting engines whose starts are measured
 * @param starts how often each
 * @param sentences how many sentences are embedded to see whether cost grows linearly
 */
record Plan(
    List<Point> points,
    int iterations,
    int iterationMillis,
    List<EngineKind> starting,
    int starts,
    List<Integer> sentences) {
  private static final int BOTH = 2;

  /** Returns what takes less than five minutes. */
  static Plan quick() {
    List<Point> points = new ArrayList<>();
    for (EngineKind engine : comparedEngines()) {
      points.add(new Point(engine, Workload.B, 1));
      points.add(new Point(engine, Workload.B, BOTH));
      // Batches do not make one text faster, and a mix several times slower.
      if (!engine.id().endsWith("batched")) {
        points.add(new Point(engine, Workload.S128, 1));
        points.add(new Point(engine, Workload.M, 1));
      }
    }
    points.add(new Point(EngineKind.PLAIN_FP32, Workload.B, 1));
    points.add(new Point(EngineKind.LANGCHAIN4J_FP32, Workload.B, BOTH));
    points.add(new Point(EngineKind.LANGCHAIN4J_INT8, Workload.B, BOTH));
    points.add(new Point(EngineKind.KUMIKO_LANGCHAIN4J_FP32, Workload.B, BOTH));
    points.add(new Point(EngineKind.KUMIKO_LANGCHAIN4J_INT8, Workload.B, BOTH));
    // LangChain4j's starts take as long as all others together.
    List<EngineKind> starting =
        List.of(
            EngineKind.KUMIKO_INT8,
            EngineKind.KUMIKO_MACHINE_INT8,
            EngineKind.PLAIN_INT8,
            EngineKind.KUMIKO_FP32,
            EngineKind.ONNXRUNTIME_INT8,
            EngineKind.ONNXRUNTIME_FP32);
    return new Plan(points, 4, 300, starting, 3, List.of());
  }

  /** Returns everything. */
  static Plan full() {
    List<Point> points = new ArrayList<>();
    for (int threads = 1; threads <= BOTH; threads++) {
      for (Workload workload : Workload.values()) {
        boolean many = workload.texts().size() > 1;
        for (EngineKind engine : comparedEngines()) {
          if (many || !engine.id().endsWith("batched")) {
            points.add(new Point(engine, workload, threads));
          }
        }
        points.add(new Point(EngineKind.PLAIN_FP32, workload, threads));
        points.add(new Point(EngineKind.PLAIN_INT8, workload, threads));
        if (threads == BOTH) {
          points.add(new Point(EngineKind.LANGCHAIN4J_FP32, workload, threads));
          points.add(new Point(EngineKind.LANGCHAIN4J_INT8, workload, threads));
          points.add(new Point(EngineKind.KUMIKO_LANGCHAIN4J_FP32, workload, threads));
          points.add(new Point(EngineKind.KUMIKO_LANGCHAIN4J_INT8, workload, threads));
        }
      }
      if (EngineKind.JLAMA_FP32.isThere()) {
        points.add(new Point(EngineKind.JLAMA_FP32, Workload.B, threads));
      }
    }
    return new Plan(points, 10, 1000, ColdStart.ENGINES, 11, List.of(1_000, 10_000, 100_000));
  }

  /** Returns this plan with other points. */
  Plan measuring(List<Point> others) {
    return new Plan(others, iterations, iterationMillis, starting, starts, sentences);
  }

  private static List<EngineKind> comparedEngines() {
    return Stream.of(
            EngineKind.KUMIKO_FP32,
            EngineKind.ONNXRUNTIME_FP32,
            EngineKind.ONNXRUNTIME_FP32_BATCHED,
            EngineKind.KUMIKO_INT8,
            EngineKind.KUMIKO_MACHINE_INT8,
            EngineKind.ONNXRUNTIME_INT8,
            EngineKind.ONNXRUNTIME_INT8_BATCHED)
        .filter(EngineKind::isThere)
        .toList();
  }
}
