package dev.kumiko.examples.springboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packed application, started as users start it. */
@Timeout(120)
class NotesApplicationTest {
  private static final String FLAG = "--add-modules jdk.incubator.vector";

  @TempDir Path folder;

  private List<String> run(String javaOptions) throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("kumiko.application"),
                "What holds up a roof?",
                "When must I pay?")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("JDK_JAVA_OPTIONS", javaOptions);
    int exit = builder.start().waitFor();
    List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
    assertEquals(0, exit, () -> String.join("\n", lines));
    assertFinds(lines, "What holds up a roof?", "A purlin carries the rafters of a roof.");
    assertFinds(lines, "When must I pay?", "The invoice of the sawmill is due on Friday.");
    return lines;
  }

  private static void assertFinds(List<String> lines, String question, String note) {
    int at = lines.indexOf(question);
    assertTrue(at >= 0, lines::toString);
    assertTrue(lines.get(at + 1).endsWith("  " + note), lines::toString);
  }

  private static boolean isWarned(List<String> lines) {
    return lines.stream()
        .anyMatch(line -> line.contains("WARN") && line.contains("start java with " + FLAG));
  }

  @Test
  void theFatJarFindsNotesWithTheVectorModule() throws Exception {
    assertFalse(isWarned(run(FLAG)));
  }

  @Test
  void theFatJarFindsNotesWithoutAnyFlagAndNamesTheFlag() throws Exception {
    assertTrue(isWarned(run("")));
  }
}
