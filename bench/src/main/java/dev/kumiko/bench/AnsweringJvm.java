package dev.kumiko.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A JVM that computes when it is asked and waits when it is not, so that several take turns: what
 * is compared is measured within seconds of each other.
 */
final class AnsweringJvm implements AutoCloseable {
  private static final long LIMIT_MINUTES = 60;

  private final Path log;
  private final String name;
  private final Process process;
  private final Writer questions;
  private final BufferedReader answers;
  private final CompletableFuture<Void> stopped;

  /**
   * Starts a process whose main class calls {@link #answer}.
   *
   * @param log gets what it writes on standard error
   */
  AnsweringJvm(Path log, List<String> flags, String classPath, Class<?> main, String... arguments)
      throws IOException {
    this.log = log;
    this.name = main.getSimpleName();
    this.process =
        new ProcessBuilder(ChildJvm.command(flags, classPath, main, arguments))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.stopped =
        process
            .onExit()
            .completeOnTimeout(process, LIMIT_MINUTES, TimeUnit.MINUTES)
            .thenAccept(Process::destroyForcibly);
  }

  /**
   * Asks for a line and waits for the line that answers it.
   *
   * @throws IOException if the process has ended
   */
  String ask(String question) throws IOException {
    String answer;
    try {
      questions.write(question + "\n");
      questions.flush();
      answer = answers.readLine();
    } catch (IOException e) {
      throw new IOException(name + " has ended; " + log + " says why", e);
    }
    if (answer == null) {
      throw new IOException(name + " has ended at " + question + "; " + log + " says why");
    }
    return answer;
  }

  /** Answers line after line until there are no more. */
  static void answer(UnaryOperator<String> how) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(how.apply(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the process. */
  @Override
  public void close() {
    process.destroy();
    stopped.join();
  }
}
