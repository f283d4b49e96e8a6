package dev.kumiko.tools;

import java.io.PrintStream;
import java.util.function.Supplier;

/** One line on a terminal that is written over again and again. Silent without a terminal. */
final class TerminalLine implements AutoCloseable {
  private static final double SECONDS_BETWEEN = 0.2;
  private static final String ERASE_LINE = "\r\u001B[K";

  private final PrintStream err;
  private final boolean visible;
  private double shownAt;

  TerminalLine(Streams streams) {
    this.err = streams.err();
    this.visible = streams.terminals().err();
  }

  /**
   * Shows a line, unless one was shown or the work began a moment ago.
   *
   * @param seconds since the work began
   */
  void show(double seconds, Supplier<String> line) {
    if (visible && seconds - shownAt >= SECONDS_BETWEEN) {
      shownAt = seconds;
      err.print(ERASE_LINE + line.get());
      err.flush();
    }
  }

  /** Erases the line. */
  @Override
  public void close() {
    if (visible && shownAt > 0) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }
}
