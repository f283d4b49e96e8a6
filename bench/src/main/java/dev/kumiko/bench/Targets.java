package dev.kumiko.bench;

import java.util.List;

/** The ratios that Kumiko is meant to reach. */
final class Targets {
  private Targets() {}

  /** Returns the least ratio against ONNX Runtime of the same precision. */
  static double onnxRuntime(EngineKind kumiko, Workload workload, int threads) {
    if (kumiko == EngineKind.KUMIKO_MACHINE_INT8) {
      return threads == 1 ? 1.4 : 1.3;
    }
    boolean fp32 = kumiko == EngineKind.KUMIKO_FP32;
    return switch (workload) {
      case S16, S64, S128, S256 -> fp32 ? (threads == 1 ? 1.15 : 1.1) : 1.0;
      case B -> fp32 ? 1.25 : 1.05;
      case M -> fp32 ? 1.4 : 1.2;
      case L -> fp32 ? 1.2 : 1.0;
    };
  }

  /** Returns which of Kumiko's engines another one is compared with. */
  static List<EngineKind> opponents(EngineKind other) {
    return switch (other) {
      case LANGCHAIN4J_FP32 -> List.of(EngineKind.KUMIKO_FP32, EngineKind.KUMIKO_LANGCHAIN4J_FP32);
      case LANGCHAIN4J_INT8 ->
          List.of(
              EngineKind.KUMIKO_INT8,
              EngineKind.KUMIKO_MACHINE_INT8,
              EngineKind.KUMIKO_LANGCHAIN4J_INT8);
      case JLAMA_FP32, PLAIN_FP32, KUMIKO_LANGCHAIN4J_FP32 -> List.of(EngineKind.KUMIKO_FP32);
      case PLAIN_INT8, KUMIKO_LANGCHAIN4J_INT8 -> List.of(EngineKind.KUMIKO_INT8);
      default -> List.of();
    };
  }

  /** Returns the least ratio against another engine than ONNX Runtime; NaN for none. */
  static double other(Point point, EngineKind kumiko) {
    if (point.workload() != Workload.B) {
      return Double.NaN;
    }
    return switch (point.engine()) {
      case LANGCHAIN4J_FP32 -> 2.0;
      case LANGCHAIN4J_INT8 -> kumiko == EngineKind.KUMIKO_MACHINE_INT8 ? 1.5 : 1.3;
      case JLAMA_FP32 -> 5.0;
      default -> Double.NaN;
    };
  }
}
