package dev.kumiko.tools;

import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalDouble;

/** One line on a terminal that says how far the work has come. Silent when there is no terminal. */
final class Progress implements AutoCloseable {
  private static final double SECONDS_BETWEEN = 0.2;
  private static final String ERASE_LINE = "\r\u001B[K";

  private final PrintStream err;
  private final boolean visible;
  private final long start = System.nanoTime();
  private double shownAt;

  Progress(Streams streams) {
    this.err = streams.err();
    this.visible = streams.terminals().err();
  }

  /**
   * Shows the state.
   *
   * @param texts how many are done
   * @param fraction which part of all work they are, if that is known
   */
  void update(long texts, OptionalDouble fraction) {
    double seconds = (System.nanoTime() - start) * 1e-9;
    show(seconds, line(texts, seconds, fraction));
  }

  /** Shows which part of all work is done, where it is not counted in texts. */
  void update(double fraction) {
    double seconds = (System.nanoTime() - start) * 1e-9;
    show(seconds, fraction > 0 ? share(seconds, fraction) : "");
  }

  private void show(double seconds, String line) {
    if (visible && seconds - shownAt >= SECONDS_BETWEEN) {
      shownAt = seconds;
      err.print(ERASE_LINE + line);
      err.flush();
    }
  }

  static String line(long texts, double seconds, OptionalDouble fraction) {
    String done = String.format(Locale.ROOT, "%,d texts, %,.0f a second", texts, texts / seconds);
    if (fraction.isEmpty() || fraction.getAsDouble() <= 0) {
      return done;
    }
    return done + ", " + share(seconds, fraction.getAsDouble());
  }

  private static String share(double seconds, double fraction) {
    long left = Math.round(seconds * (1 - fraction) / fraction);
    return String.format(Locale.ROOT, "%.0f%%, %d:%02d left", 100 * fraction, left / 60, left % 60);
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
