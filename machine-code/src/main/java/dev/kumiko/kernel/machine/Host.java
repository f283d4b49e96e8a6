package dev.kumiko.kernel.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What can be known before any code runs: the system, and what its kernel says of the processor.
 * The processor itself is asked later, by {@link CpuFeatures}.
 */
final class Host {
  /** Uses this level at most, or none; so that others can be tried on one machine. */
  static final String PROPERTY = "kumiko.machineLevel";

  private static final Path CPU = Path.of("/proc/cpuinfo");

  /**
   * The best level, or why there is none.
   *
   * @param level null if there is none
   * @param missing empty if there is one
   */
  record Answer(Level level, String missing) {}

  private Host() {}

  /** Returns why these programs cannot run on this system, or an empty string. */
  static String foreign() {
    String system = System.getProperty("os.name", "");
    String processor = System.getProperty("os.arch", "");
    return system.equals("Linux") && processor.equals("amd64")
        ? ""
        : "it is for Linux on x86-64, and this is %s on %s".formatted(system, processor);
  }

  /** Returns the best level that the system says the processor has. */
  static Answer ask() {
    String foreign = foreign();
    if (!foreign.isEmpty()) {
      return new Answer(null, foreign);
    }
    String most = System.getProperty(PROPERTY, Level.AVX512_VNNI.label());
    if (!most.equals("none")
        && Arrays.stream(Level.values()).noneMatch(l -> l.label().equals(most))) {
      return new Answer(
          null,
          "-D%s=%s is none of %s and none"
              .formatted(PROPERTY, most, Arrays.stream(Level.values()).map(Level::label).toList()));
    }
    try {
      return choose(Files.readAllLines(CPU), most);
    } catch (IOException e) {
      return new Answer(null, CPU + " cannot be read: " + e.getMessage());
    }
  }

  /** Returns the best level up to one, by the flags of the first processor. */
  static Answer choose(List<String> cpuInfo, String most) {
    Optional<String> line = cpuInfo.stream().filter(l -> l.startsWith("flags")).findFirst();
    List<String> flags = List.of(line.orElse("").split("\\s+"));
    boolean allowed = false;
    for (Level level : Level.values()) {
      allowed |= level.label().equals(most);
      if (allowed && flags.containsAll(level.flags())) {
        return new Answer(level, "");
      }
    }
    return new Answer(
        null, allowed ? "this CPU has no AVX2" : "-D%s=%s asks for none".formatted(PROPERTY, most));
  }
}
