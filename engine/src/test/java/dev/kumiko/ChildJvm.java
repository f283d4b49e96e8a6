package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a class of the tests printed in a JVM of its own. */
public final class ChildJvm {
  private final List<String> out;
  private final String log;

  private ChildJvm(List<String> out, String log) {
    this.out = out;
    this.log = log;
  }

  /**
   * Runs a class until it ends well.
   *
   * @param folder for what it prints
   * @param options for the JVM
   */
  public static ChildJvm run(Path folder, List<String> options, String main, String... arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path log = Files.createTempFile(folder, "log", ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Duser.language=en", "-cp", System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(main);
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(log.toFile())
            .start();
    int exit = process.waitFor();
    String messages = Files.readString(log, StandardCharsets.UTF_8);
    assertEquals(0, exit, messages);
    return new ChildJvm(Files.readAllLines(out, StandardCharsets.UTF_8), messages);
  }

  /** Returns the lines of standard output. */
  public List<String> out() {
    return out;
  }

  /** Returns standard error. */
  public String log() {
    return log;
  }
}
