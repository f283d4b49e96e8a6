package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fresh JVM chooses, depending on how it was started. */
class KernelChoiceTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  @TempDir Path folder;

  /**
   * What a JVM printed.
   *
   * @param out the kernels, or why there are none
   * @param log messages
   */
  private record Output(String out, String log) {
    List<String> logLines() {
      return log.lines().filter(line -> line.contains("Kumiko")).toList();
    }
  }

  @Test
  void withoutTheModulePlainJavaRunsAndOneWarningNamesTheFlag() throws Exception {
    Output output = start();
    assertEquals("scalar 0", output.out);
    assertEquals(1, output.logLines().size(), output.log);
    String warning = output.logLines().getFirst();
    assertTrue(warning.startsWith("WARNING"), warning);
    assertTrue(warning.contains("--add-modules jdk.incubator.vector"), warning);
    assertTrue(warning.contains("-Dkumiko.backend=scalar"), warning);
  }

  @Test
  void withTheModuleTheVectorApiRuns() throws Exception {
    Output output = start(MODULE);
    assertTrue(output.out.matches("vector (128|256|512)"), output.out);
    assertEquals(List.of(), output.logLines());
  }

  @Test
  void plainJavaAskedForRunsWithoutWarning() throws Exception {
    for (Output output :
        List.of(start("-Dkumiko.backend=scalar"), start("-Dkumiko.backend=scalar", MODULE))) {
      assertEquals("scalar 0", output.out);
      assertEquals(List.of(), output.logLines());
    }
  }

  @Test
  void anInterpreterRunsPlainJavaAndSaysSo() throws Exception {
    Output output = start(MODULE, "-Xint");
    assertEquals("scalar 0", output.out);
    assertEquals(1, output.logLines().size(), output.log);
    assertTrue(output.log.contains("-Xint"), output.log);
  }

  @Test
  void aJvmWithoutItsOptimisingCompilerRunsPlainJavaAndSaysSo() throws Exception {
    Output output = start(MODULE, "-XX:TieredStopAtLevel=1");
    assertEquals("scalar 0", output.out);
    assertEquals(1, output.logLines().size(), output.log);
    assertTrue(output.log.contains("-XX:TieredStopAtLevel=1"), output.log);
  }

  @Test
  void theVectorApiAskedForWithoutItsModuleIsRefused() throws Exception {
    assertRefused(
        "-Dkumiko.backend=vector needs the module jdk.incubator.vector;"
            + " start java with --add-modules jdk.incubator.vector",
        start("-Dkumiko.backend=vector"));
  }

  @Test
  void anUnknownBackendIsRefused() throws Exception {
    assertRefused(
        "-Dkumiko.backend=gpu is not a backend; use scalar or vector",
        start("-Dkumiko.backend=gpu", MODULE));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void theVectorWidthCanBeForced(int bits) throws Exception {
    Output output = start(MODULE, "-Dkumiko.vectorBits=" + bits);
    assertEquals("vector " + bits, output.out);
  }

  @ParameterizedTest
  @ValueSource(strings = {"100", "64", "0", "-128", "wide", ""})
  void anotherVectorWidthIsRefused(String bits) throws Exception {
    assertRefused(
        "-Dkumiko.vectorBits=" + bits + " is not a vector width; use 128, 256 or 512",
        start(MODULE, "-Dkumiko.vectorBits=" + bits));
  }

  private static void assertRefused(String message, Output output) {
    assertEquals("refused: " + message, output.out);
  }

  private Output start(String... options) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path log = Files.createTempFile(folder, "log", ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Duser.language=en", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(options));
    command.add(ChosenKernels.class.getName());
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(log.toFile())
            .start();
    int exit = process.waitFor();
    String messages = Files.readString(log, StandardCharsets.UTF_8);
    assertEquals(0, exit, messages);
    List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
    assertEquals(2, lines.size(), lines.toString());
    assertEquals(lines.getFirst(), lines.getLast(), "the second choice differs");
    return new Output(lines.getFirst(), messages);
  }
}
