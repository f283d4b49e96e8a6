package dev.kumiko.tools;

import java.util.Locale;
import java.util.OptionalDouble;

/** One line on a terminal that says how far the work has come. Silent when there is no terminal. */
final class Progress implements AutoCloseable {
  private final TerminalLine terminal;
  private final long start = System.nanoTime();

  Progress(Streams streams) {
    this.terminal = new TerminalLine(streams);
  }

  /**
   * Shows the state.
   *
   * @param texts how many are done
   * @param fraction which part of all work they are, if that is known
   */
  void update(long texts, OptionalDouble fraction) {
    double seconds = (System.nanoTime() - start) * 1e-9;
    terminal.show(seconds, () -> line(texts, seconds, fraction));
  }

  /** Shows which part of all work is done, where it is not counted in texts. */
  void update(double fraction) {
    double seconds = (System.nanoTime() - start) * 1e-9;
    terminal.show(seconds, () -> fraction > 0 ? share(seconds, fraction) : "");
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
    terminal.close();
  }
}
