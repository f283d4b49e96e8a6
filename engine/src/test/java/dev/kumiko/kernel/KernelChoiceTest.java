package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumiko.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fresh JVM chooses, depending on how it was started. */
class KernelChoiceTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  @TempDir Path folder;

  /**
   * What a JVM printed.
   *
   * @param out the kernels, or why there are none
   * @param because why plain Java computes
   * @param log messages
   */
  private record Output(String out, String because, String log) {
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

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:-UseFMA"})
  void aJvmWithoutWhatItTakesRunsPlainJavaAndSaysSo(String setting) throws Exception {
    Output output = start(MODULE, setting);
    assertEquals("scalar 0", output.out);
    assertTrue(output.because.contains("(" + setting), output.because);
    assertEquals(1, output.logLines().size(), output.log);
    assertTrue(output.log.contains("(" + setting), output.log);
  }

  @Test
  void aProcessorWithoutAvxHasNoFusedMultiplyAddEither() throws Exception {
    assumeX86();
    Output output = start(MODULE, "-XX:UseAVX=0");
    assertEquals("scalar 0", output.out);
    assertTrue(output.because.contains("this CPU has no fused multiply-add"), output.because);
  }

  @Test
  void vectorsOfTwoFloatsAreNotUsed() throws Exception {
    assumeX86();
    Output output = start(MODULE, "-XX:MaxVectorSize=8");
    assertEquals("scalar 0", output.out);
    assertTrue(output.because.contains("has vectors of 64 bits"), output.because);
    assertEquals(1, output.logLines().size(), output.log);
  }

  private static void assumeX86() {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "a setting of JVMs for x86");
  }

  /** Not seen in the properties: these are asked for when there is something to be said or done. */
  @ParameterizedTest
  @ValueSource(
      strings = {"-XX:TieredStopAtLevel=2", "-XX:TieredStopAtLevel=3", "-XX:-EnableVectorSupport"})
  void aSettingThatTheJvmKeepsToItselfIsFoundAndSaid(String setting) throws Exception {
    Output output = start(MODULE, "-XX:+UnlockExperimentalVMOptions", setting);
    assertTrue(output.out.startsWith("vector "), output.out);
    assertTrue(output.because.contains("are never compiled: this JVM "), output.because);
    assertTrue(output.because.endsWith("(" + setting + ")"), output.because);
    assertEquals(1, output.logLines().size(), output.log);
    assertTrue(output.log.contains(setting), output.log);
  }

  @Test
  void aJvmThatCannotBeAskedMayStillTurnOutToBeSlow() throws Exception {
    Output output =
        start(
            "--limit-modules=java.logging,jdk.incubator.vector", MODULE, "-XX:TieredStopAtLevel=3");
    assertTrue(output.because.endsWith("are compiled once there has been more to do"), output.log);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:-TieredCompilation", "-XX:-UseSuperWord", "-XX:TieredStopAtLevel=4"})
  void otherSettingsLeaveTheVectorApi(String setting) throws Exception {
    Output output = start(MODULE, setting);
    assertTrue(output.out.startsWith("vector "), output.out);
    assertTrue(output.because.endsWith("are compiled once there has been more to do"), output.log);
    assertEquals(List.of(), output.logLines());
  }

  @ParameterizedTest
  @CsvSource({
    "OpenJDK 64-Bit Server VM, 'mixed mode, sharing', ''",
    "OpenJDK 64-Bit Zero VM, interpreted mode, this JVM does not compile",
    "OpenJDK Client VM, mixed mode, this JVM has no optimising compiler (OpenJDK Client VM)",
    "OpenJDK Minimal VM, mixed mode, this JVM has no optimising compiler (OpenJDK Minimal VM)",
    "Another VM, '', ''",
  })
  void aJvmWithoutTheOptimisingCompilerIsKnownByItsName(String name, String info, String missing) {
    String reason = OptimisingCompiler.missing(name, info);
    assertTrue(reason.startsWith(missing) && reason.isEmpty() == missing.isEmpty(), reason);
  }

  @Test
  void theVectorApiAskedForWithoutItsModuleIsRefused() throws Exception {
    assertRefused(
        "-Dkumiko.backend=vector needs the module jdk.incubator.vector;"
            + " start java with --add-modules jdk.incubator.vector",
        start("-Dkumiko.backend=vector"));
  }

  @Test
  void machineCodeAskedForWithoutItsJarIsRefused() throws Exception {
    assertRefused(
        "-Dkumiko.backend=machine needs the JAR kumiko-machine-code on the class path",
        start("-Dkumiko.backend=machine", MODULE));
  }

  @Test
  void anUnknownBackendIsRefused() throws Exception {
    assertRefused(
        "-Dkumiko.backend=gpu is not a backend; use scalar, vector or machine",
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
    ChildJvm child = ChildJvm.run(folder, List.of(options), ChosenKernels.class.getName());
    List<String> lines = child.out();
    assertEquals(2, lines.size(), lines.toString());
    assertEquals(lines.getFirst(), lines.getLast(), "the second choice differs");
    String[] parts = lines.getFirst().split(": ", 2);
    return parts[0].equals("refused")
        ? new Output(lines.getFirst(), "", child.log())
        : new Output(parts[0], parts[1], child.log());
  }
}
