package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fresh JVM falls back to, and what it says. */
class FallBackTest {
  private static final String VECTOR = "--add-modules=jdk.incubator.vector";
  private static final String NOT_GRANTED =
      "native access has not been granted; start java with --enable-native-access=ALL-UNNAMED";

  @TempDir Path folder;

  @BeforeEach
  void onlyWhereTheKernelsCouldRun() {
    assumeTrue(Host.ask().missing().isEmpty(), Host.ask().missing());
  }

  private Child start(List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(options);
    all.add(VECTOR);
    return Child.run(folder, all, ChosenLevel.class, arguments);
  }

  private static void fellBack(Child child, String why) {
    assertEquals(
        List.of("below: vector", "fast: " + child.out().get(1).endsWith("true"), "missing: " + why),
        child.out().subList(0, 3));
    List<String> messages = child.messages();
    assertEquals(
        List.of("WARNING: Kumiko computes without machine code: " + why), messages, child.log());
  }

  @ParameterizedTest
  @ValueSource(strings = {"warn", "deny"})
  void withoutTheFlagTheVectorApiRunsAndOneLineSaysWhy(String illegalAccess) throws Exception {
    fellBack(start(List.of("--illegal-native-access=" + illegalAccess)), NOT_GRANTED);
  }

  @Test
  void withoutTheInstructionsTheVectorApiRuns() throws Exception {
    fellBack(
        start(List.of(Child.GRANTED, "-Dkumiko.machineLevel=none")),
        "-Dkumiko.machineLevel=none asks for none");
    fellBack(
        start(List.of(Child.GRANTED, "-Dos.arch=aarch64")),
        "it is for Linux on x86-64, and this is Linux on aarch64");
    fellBack(
        start(List.of(Child.GRANTED, "-Dkumiko.machineLevel=avx3")),
        "-Dkumiko.machineLevel=avx3 is none of [avx512-vnni, avx-vnni, avx2] and none");
  }

  @Test
  void whereNoMemoryBecomesExecutableTheLevelBelowComputes() throws Exception {
    // All of the JVM's own memory for code is there before.
    List<String> options =
        List.of(
            Child.GRANTED,
            "-XX:-SegmentedCodeCache",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:InitialCodeCacheSize=64m");
    String why = "the system does not let memory become executable (error 13)";
    Child child = start(options, "hardened", "work");
    assumeTrue(child.out().getFirst().equals("hardened: true"), "this Linux has no PR_SET_MDWE");
    assertEquals(
        List.of(
            "hardened: true",
            "below: vector",
            "fast: true",
            "missing: ",
            "pending: the machine code is prepared once there has been more to do",
            "the level below is compiled, too: true",
            "the same bits: false",
            "the bits of the level below: true",
            "missing: " + why,
            "pending: "),
        child.out());
    assertEquals(
        List.of("WARNING: Kumiko computes without machine code: " + why), child.messages());
    List<String> forced = new ArrayList<>(options);
    forced.add("-Dkumiko.backend=machine");
    assertEquals(
        "refused: -Dkumiko.backend=machine is not possible: " + why,
        start(forced, "hardened").out().getLast());
  }

  @Test
  void theCodeComesOnceThereHasBeenMoreToDoAndChangesNoBit() throws Exception {
    Child child = start(List.of(Child.GRANTED), "work");
    assertEquals(
        List.of(
            "below: vector",
            "fast: true",
            "missing: ",
            "pending: the machine code is prepared once there has been more to do",
            "the level below is compiled, too: true",
            "the same bits: true",
            "the bits of the level below: false",
            "missing: ",
            "pending: "),
        child.out());
    assertEquals(List.of(), child.messages());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Dkumiko.backend=machine", "-Dkumiko.warmup=off"})
  void whatIsAskedForIsThereAtOnce(String setting) throws Exception {
    Child child = start(List.of(Child.GRANTED, setting));
    assertEquals(List.of("below: vector", "fast: true", "missing: ", "pending: "), child.out());
    assertEquals(List.of(), child.messages());
  }

  @Test
  void whatIsAskedForAndNotPossibleIsRefused() throws Exception {
    assertEquals(
        List.of("refused: -Dkumiko.backend=machine is not possible: " + NOT_GRANTED),
        start(List.of("-Dkumiko.backend=machine")).out());
  }

  @Test
  void itLiesOverPlainJavaToo() throws Exception {
    Child child =
        Child.run(
            folder, List.of(Child.GRANTED, "-Dkumiko.backend=machine"), ChosenLevel.class, "work");
    assertEquals("below: scalar", child.out().getFirst());
    assertTrue(child.out().contains("the same bits: true"), child.out().toString());
  }
}
