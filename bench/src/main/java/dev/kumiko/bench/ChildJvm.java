package dev.kumiko.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that runs one main class and answers in lines. */
final class ChildJvm {
  private static final long LONGEST_MINUTES = 60;

  private ChildJvm() {}

  /**
   * What a process printed.
   *
   * @param millisToFirstLine from its start
   */
  record Answer(List<String> lines, double millisToFirstLine) {}

  /**
   * Runs a process to its end.
   *
   * @param log gets what it writes on standard error
   * @throws IOException if it fails
   */
  static Answer run(
      Path log, List<String> flags, String classPath, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return run(log, main.getSimpleName(), command);
  }

  private static Answer run(Path log, String name, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    long start = System.nanoTime();
    Process process = builder.start();
    process.getOutputStream().close();
    List<String> lines = new ArrayList<>();
    double millis = Double.NaN;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (lines.isEmpty()) {
          millis = (System.nanoTime() - start) / 1e6;
        }
        lines.add(line);
      }
      if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(name + " failed; " + log + " says why");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroy();
    }
    return new Answer(lines, millis);
  }
}
