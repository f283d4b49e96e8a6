package dev.kumiko.examples.plainjava;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs a program in a process of its own. */
final class Program {
  private final Path folder;

  /** Creates one whose output goes through files of this folder. */
  Program(Path folder) {
    this.folder = folder;
  }

  /** The application's JAR. */
  static Path application() {
    return Path.of(System.getProperty("kumiko.application"));
  }

  /** What the application needs, a folder of JARs. */
  static Path libraries() {
    return Path.of(System.getProperty("kumiko.lib"));
  }

  /** A program of the JDK that runs the tests. */
  static String ofJdk(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /** Returns the lines of standard output of a program that has to end well. */
  List<String> run(String... command) throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int code = process.waitFor();
    List<String> lines = Files.readAllLines(out);
    String messages = Files.readString(err);
    assertEquals(0, code, () -> String.join("\n", lines) + messages);
    return lines;
  }
}
