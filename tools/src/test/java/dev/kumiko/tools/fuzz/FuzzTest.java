package dev.kumiko.tools.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged inputs of every kind, for a few seconds each, and all that were findings before. Longer,
 * with other damage: {@code -Dkumiko.fuzz.seconds=600 -Dkumiko.fuzz.seed=2}.
 */
class FuzzTest {
  private static final long SECONDS = Long.getLong("kumiko.fuzz.seconds", 3);
  private static final long SEED = Long.getLong("kumiko.fuzz.seed", 1);

  static List<String> targets() {
    String only = System.getProperty("kumiko.fuzz.target", "");
    return only.isEmpty() ? Targets.NAMES : List.of(only);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void endsInSuccessOrAMessage(String name) throws IOException {
    Fuzzer fuzzer = new Fuzzer(Targets.named(name));
    for (Path finding : formerFindings(name)) {
      fuzzer.run(Files.readAllBytes(finding));
    }
    fuzzer.run(Long.MAX_VALUE, Duration.ofSeconds(SECONDS), SEED);
    List<Path> files = fuzzer.write(Path.of("target", "fuzz", name));
    if (!files.isEmpty()) {
      Throwable first = fuzzer.findings().getFirst().what();
      throw new AssertionError(
          "%d findings among %d inputs, in %s; the first is %s"
              .formatted(files.size(), fuzzer.executions(), files, first),
          first);
    }
    assertTrue(fuzzer.refusals() > 0 || name.equals("command-line"), "nothing was refused");
  }

  private static List<Path> formerFindings(String name) throws IOException {
    Path folder = Path.of("src", "test", "resources", "fuzz", name);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
