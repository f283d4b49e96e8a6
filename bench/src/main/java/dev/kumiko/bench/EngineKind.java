package dev.kumiko.bench;

import dev.kumiko.kernel.machine.MachineLevel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The engines that are compared, with the flags their JVM gets besides those of all. */
enum EngineKind {
  KUMIKO_FP32(Agreement.EXACT),
  KUMIKO_INT8(Agreement.ROUGH),
  /** Int8 weights and activations on the kernels that Java assembles; only where these run. */
  KUMIKO_MACHINE_INT8(Agreement.ROUGH),
  /** Kumiko as LangChain4j's embedding model, with the default settings. */
  KUMIKO_LANGCHAIN4J_FP32(Agreement.EXACT),
  KUMIKO_LANGCHAIN4J_INT8(Agreement.ROUGH),
  /** Kumiko as it runs without the incubator module. */
  PLAIN_FP32(Agreement.EXACT),
  PLAIN_INT8(Agreement.ROUGH),
  /** One text at a time. */
  ONNXRUNTIME_FP32(Agreement.EXACT),
  /** Sorted by length, in padded batches. */
  ONNXRUNTIME_FP32_BATCHED(Agreement.EXACT),
  ONNXRUNTIME_INT8(Agreement.ROUGH),
  ONNXRUNTIME_INT8_BATCHED(Agreement.ROUGH),
  /** {@code embedAll} with the default settings: as many threads as there are processors. */
  LANGCHAIN4J_FP32(Agreement.EXACT),
  LANGCHAIN4J_INT8(Agreement.ROUGH),
  /** Plain Java and Vector API, without its native library; only in the profile of its name. */
  JLAMA_FP32(Agreement.NONE);

  /** How near an engine's vectors have to be to those of ONNX Runtime in fp32. */
  enum Agreement {
    /** But for rounding. */
    EXACT,
    /** As near as int8 comes. */
    ROUGH,
    /** It is known to compute something else. */
    NONE
  }

  private static final int BATCH = 32;
  private static final List<String> COMMON = List.of("-XX:+UseSerialGC", "-Xmx2g");
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";
  private static final String GRANTED = "--enable-native-access=ALL-UNNAMED";

  /** What the launcher gives, too: garbage of the start is collected rather than piled up. */
  private static final String YOUNG = "-XX:MaxNewSize=32m";

  private static final String PLAIN = "-Dkumiko.backend=scalar";
  private static final String VECTOR = "-Dkumiko.backend=vector";
  private static final List<String> NATIVE = List.of(GRANTED, "-Dslf4j.internal.verbosity=ERROR");

  private final Agreement agreement;

  EngineKind(Agreement agreement) {
    this.agreement = agreement;
  }

  Agreement agreement() {
    return agreement;
  }

  /** Returns the name on the command line and in reports. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the engine of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static EngineKind of(String id) {
    List<String> ids =
        Arrays.stream(values()).filter(EngineKind::isThere).map(EngineKind::id).toList();
    return Arrays.stream(values())
        .filter(kind -> kind.isThere() && kind.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + id + "' is no engine; there are " + ids));
  }

  /**
   * Returns the flags of the JVM that runs the engine: those it needs, and the same heap.
   *
   * @param more for Kumiko alone; a collector among them takes the place of that of all
   */
  List<String> jvmFlags(List<String> more) {
    List<String> needed =
        switch (this) {
          case KUMIKO_FP32, KUMIKO_INT8, KUMIKO_LANGCHAIN4J_FP32, KUMIKO_LANGCHAIN4J_INT8 ->
              List.of(VECTORS, VECTOR, YOUNG);
          case KUMIKO_MACHINE_INT8 -> List.of(VECTORS, GRANTED, YOUNG);
          case JLAMA_FP32 -> List.of(VECTORS);
          case PLAIN_FP32, PLAIN_INT8 -> List.of(PLAIN, YOUNG);
          default -> NATIVE;
        };
    List<String> own = isKumiko() ? more : List.of();
    boolean collector = own.stream().anyMatch(flag -> flag.matches("-XX:\\+Use\\w+GC"));
    Stream<String> common = COMMON.stream().filter(flag -> !collector || !flag.endsWith("GC"));
    return Stream.of(needed.stream(), common, own.stream()).flatMap(flags -> flags).toList();
  }

  private boolean isKumiko() {
    return switch (this) {
      case KUMIKO_FP32,
          KUMIKO_INT8,
          KUMIKO_MACHINE_INT8,
          KUMIKO_LANGCHAIN4J_FP32,
          KUMIKO_LANGCHAIN4J_INT8,
          PLAIN_FP32,
          PLAIN_INT8 ->
          true;
      default -> false;
    };
  }

  /** Returns its colour in charts, the same in all of them: dark is fp32, light is int8. */
  String colour() {
    return switch (this) {
      case KUMIKO_FP32 -> "#0f766e";
      case KUMIKO_INT8 -> "#2fb5a5";
      case KUMIKO_MACHINE_INT8 -> "#84d8cd";
      case KUMIKO_LANGCHAIN4J_FP32 -> "#1f5f8b";
      case KUMIKO_LANGCHAIN4J_INT8 -> "#6aa9d6";
      case PLAIN_FP32 -> "#5b7f3a";
      case PLAIN_INT8 -> "#9cc069";
      case ONNXRUNTIME_FP32 -> "#b4471f";
      case ONNXRUNTIME_FP32_BATCHED -> "#d0672f";
      case ONNXRUNTIME_INT8 -> "#eb9a4d";
      case ONNXRUNTIME_INT8_BATCHED -> "#f3bd83";
      case LANGCHAIN4J_FP32 -> "#5a4fa2";
      case LANGCHAIN4J_INT8 -> "#a49bdc";
      case JLAMA_FP32 -> "#a8456f";
    };
  }

  /** Returns whether it was built into this benchmark, and runs on this machine. */
  boolean isThere() {
    return switch (this) {
      case JLAMA_FP32 -> JlamaEngines.found().isPresent();
      case KUMIKO_MACHINE_INT8 -> MachineLevel.missing().isEmpty();
      default -> true;
    };
  }

  /** Loads the engine. */
  Engine load(Models models, int threads) {
    return switch (this) {
      case KUMIKO_FP32 -> KumikoEngine.of(models.kumikoFp32(), threads, "vector");
      case KUMIKO_INT8 -> KumikoEngine.of(null, threads, "vector");
      case KUMIKO_MACHINE_INT8 -> KumikoEngine.machine(models.kumikoInt8Activations(), threads);
      case KUMIKO_LANGCHAIN4J_FP32 -> KumikoLangChain4jEngine.of(models.kumikoFp32());
      case KUMIKO_LANGCHAIN4J_INT8 -> KumikoLangChain4jEngine.of(null);
      case PLAIN_FP32 -> KumikoEngine.of(models.kumikoFp32(), threads, "scalar");
      case PLAIN_INT8 -> KumikoEngine.of(null, threads, "scalar");
      case ONNXRUNTIME_FP32 -> new OnnxRuntimeEngine(models, models.onnxFp32(), threads, 1);
      case ONNXRUNTIME_FP32_BATCHED ->
          new OnnxRuntimeEngine(models, models.onnxFp32(), threads, BATCH);
      case ONNXRUNTIME_INT8 -> new OnnxRuntimeEngine(models, models.onnxInt8(), threads, 1);
      case ONNXRUNTIME_INT8_BATCHED ->
          new OnnxRuntimeEngine(models, models.onnxInt8(), threads, BATCH);
      case LANGCHAIN4J_FP32 -> LangChain4jEngine.fp32();
      case LANGCHAIN4J_INT8 -> LangChain4jEngine.int8();
      case JLAMA_FP32 -> JlamaEngines.found().orElseThrow().load(models, threads);
    };
  }
}
