package dev.kumiko.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A JVM that runs one main class and answers in lines. */
final class ChildJvm {
  private static final Duration LIMIT = Duration.ofMinutes(60);

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
    return run(log, LIMIT, flags, classPath, main, arguments);
  }

  /**
   * Runs a process to its end.
   *
   * @param log gets what it writes on standard error
   * @param limit how long it may take
   * @throws IOException if it fails or takes longer
   */
  static Answer run(
      Path log,
      Duration limit,
      List<String> flags,
      String classPath,
      Class<?> main,
      String... arguments)
      throws IOException {
    return run(log, limit, main.getSimpleName(), command(flags, classPath, main, arguments));
  }

  /** Returns the command line of a JVM. */
  static List<String> command(
      List<String> flags, String classPath, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Answer run(Path log, Duration limit, String name, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    long start = System.nanoTime();
    Process process = builder.start();
    process.getOutputStream().close();
    CompletableFuture<Boolean> late =
        process
            .onExit()
            .thenApply(ended -> false)
            .completeOnTimeout(true, limit.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture<Void> stopped = late.thenAccept(is -> stop(process, is));
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
      int code = process.waitFor();
      stopped.join();
      if (late.join()) {
        throw new IOException(
            "%s was stopped after %d s; %s says how far it came"
                .formatted(name, limit.toSeconds(), log));
      }
      if (code != 0) {
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

  private static void stop(Process process, boolean late) {
    if (late) {
      process.destroyForcibly();
    }
  }
}
