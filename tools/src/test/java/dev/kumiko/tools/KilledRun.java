package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Runs of a training in processes of their own, which are killed. */
final class KilledRun {
  private KilledRun() {}

  /** Returns where a target's run keeps what it needs. */
  static Path run(Path target) {
    return target.resolveSibling(target.getFileName() + "-training");
  }

  /** Returns the command line of another process that does the same on the same backend. */
  static List<String> commandLine(String... command) {
    List<String> arguments = new ArrayList<>();
    arguments.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    String backend = System.getProperty("kumiko.backend");
    if (backend != null) {
      arguments.add("-Dkumiko.backend=" + backend);
      if (backend.equals("vector")) {
        arguments.add("--add-modules=jdk.incubator.vector");
      }
    }
    arguments.add("dev.kumiko.tools.Main");
    arguments.addAll(List.of(command));
    return arguments;
  }

  static Process start(Path log, String... command) throws IOException {
    return new ProcessBuilder(commandLine(command))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /**
   * Kills a run five times, each after some more steps, lets it end and compares with a run that
   * was never stopped.
   *
   * @param command of a target, of 150 steps and more with checkpoints every few ones
   */
  static void givesTheBytesOfOneThatWasNotKilled(Path folder, Function<Path, String[]> command)
      throws Exception {
    Path whole = folder.resolve("whole.safetensors");
    Outcome never = Outcome.of(command.apply(whole));
    assertEquals(0, never.code, never.err);
    Path target = folder.resolve("killed.safetensors");
    String[] resumed = resumed(command.apply(target));
    Path log = run(target).resolve("log.jsonl");
    Random random = new Random();
    for (int kill = 0; kill < 5; kill++) {
      Process process = start(folder.resolve("child.log"), resumed);
      int lines = 20 * kill + 1 + random.nextInt(20);
      while (process.isAlive() && (Files.notExists(log) || lines(log) < lines)) {
        Thread.sleep(5);
      }
      assertTrue(
          process.isAlive(),
          () -> "ended before it was killed: " + read(folder.resolve("child.log")));
      process.destroyForcibly().waitFor();
      assertFalse(Files.exists(target));
    }
    Outcome last = Outcome.of(resumed);
    assertEquals(0, last.code, last.err);
    assertTrue(last.err.contains("going on after step"), last.err);
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(target));
  }

  static String[] resumed(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.add("--resume");
    return all.toArray(String[]::new);
  }

  private static int lines(Path log) throws IOException {
    return Files.readString(log).split("\n", -1).length;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
