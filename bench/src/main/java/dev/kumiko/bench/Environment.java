package dev.kumiko.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/** What a report has to say about where its figures come from. */
final class Environment {
  private static final Path CPU = Path.of("/proc/cpuinfo");
  private static final List<String> EXTENSIONS =
      List.of("avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "asimd", "asimddp", "sve");

  private Environment() {}

  /** Returns one fact a line. */
  static List<String> facts(List<String> more) throws IOException {
    List<String> facts = new ArrayList<>();
    facts.add("CPU: " + cpu(Files.isReadable(CPU) ? Files.readAllLines(CPU) : List.of()));
    facts.add(
        "System: %s %s, %d processors for this JVM"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors()));
    facts.add(
        "Java: %s %s (%s)"
            .formatted(
                System.getProperty("java.vm.name"),
                System.getProperty("java.runtime.version"),
                System.getProperty("java.vendor")));
    facts.add("Flags, Kumiko: " + flags(EngineKind.KUMIKO_FP32, more));
    facts.add("Flags, plain: " + flags(EngineKind.PLAIN_FP32, more));
    facts.add("Flags, others: " + flags(EngineKind.ONNXRUNTIME_FP32, more));
    if (!more.isEmpty()) {
      facts.add(
          "Asked for with --flags, for Kumiko's processes alone and not in the table of starts: "
              + String.join(" ", more));
    }
    facts.add("Versions: " + versions());
    return facts;
  }

  private static String flags(EngineKind engine, List<String> more) {
    return String.join(" ", engine.jvmFlags(more));
  }

  static String cpu(List<String> lines) {
    String name = System.getProperty("os.arch");
    TreeSet<String> extensions = new TreeSet<>(EXTENSIONS);
    for (String line : lines) {
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (line.startsWith("model name")) {
        name = value;
      }
      if (line.startsWith("flags") || line.startsWith("Features")) {
        extensions.retainAll(List.of(value.split(" ", -1)));
        return name + ", " + String.join(" ", extensions);
      }
    }
    return name;
  }

  private static String versions() throws IOException {
    Properties versions = new Properties();
    try (InputStream in = Environment.class.getResourceAsStream("versions.properties")) {
      versions.load(in);
    }
    List<String> parts = new ArrayList<>();
    for (String name : new TreeSet<>(versions.stringPropertyNames())) {
      parts.add(name + " " + versions.getProperty(name));
    }
    return String.join(", ", parts);
  }
}
