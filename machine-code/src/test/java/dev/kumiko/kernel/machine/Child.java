package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a class printed in a JVM of its own.
 *
 * @param out lines of standard output
 * @param log standard error
 */
record Child(List<String> out, String log) {
  static final String GRANTED = "--enable-native-access=ALL-UNNAMED";

  static Child run(Path folder, List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path log = Files.createTempFile(folder, "log", ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Duser.language=en", "-cp", System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(log.toFile())
            .start();
    int exit = process.waitFor();
    String messages = Files.readString(log);
    assertEquals(0, exit, messages + Files.readString(out));
    return new Child(Files.readAllLines(out), messages);
  }

  /** Returns what Kumiko or the JVM itself had to say. */
  List<String> messages() {
    return log.lines()
        .filter(line -> line.startsWith("WARNING") || line.startsWith("OpenJDK"))
        .filter(line -> !line.contains("incubator"))
        .toList();
  }
}
