package dev.kumiko.tools;

import dev.kumiko.train.StepReport;
import dev.kumiko.train.TrainingListener;
import java.util.Locale;
import java.util.SequencedMap;

/** Shows a training: a line on a terminal for the steps, a line that stays for each evaluation. */
final class TrainProgress implements TrainingListener, AutoCloseable {
  private final Streams streams;
  private final TerminalLine terminal;
  private double smoothLoss = Double.NaN;
  private long first = -1;

  TrainProgress(Streams streams) {
    this.streams = streams;
    this.terminal = new TerminalLine(streams);
  }

  @Override
  public void stepped(StepReport report) {
    first = first < 0 ? report.step() - 1 : first;
    smoothLoss = Double.isNaN(smoothLoss) ? report.loss() : 0.9 * smoothLoss + 0.1 * report.loss();
    terminal.show(report.seconds(), () -> line(report, smoothLoss, first));
  }

  /** Returns what is shown of a step. */
  static String line(StepReport report, double loss, long first) {
    double perStep = report.seconds() / (report.step() - first);
    long left = Math.round(perStep * (report.steps() - report.step()));
    return String.format(
        Locale.ROOT,
        "step %,d of %,d, loss %.4f, rate %.2g, %,.0f tokens/s, %d:%02d left",
        report.step(),
        report.steps(),
        loss,
        report.rate(),
        report.tokensPerSecond(),
        left / 60,
        left % 60);
  }

  @Override
  public void evaluated(long step, SequencedMap<String, Double> scores, boolean best) {
    terminal.close();
    StringBuilder line = new StringBuilder(step == 0 ? "before" : "step %,d".formatted(step));
    scores.forEach((name, value) -> line.append(", %s %.2f".formatted(name, value)));
    streams.say(line + (best ? ", the best so far" : ""));
  }

  @Override
  public void resumed(long step) {
    streams.say("going on after step %,d".formatted(step));
  }

  /** Erases the line. */
  void erase() {
    terminal.close();
  }

  @Override
  public void close() {
    erase();
  }
}
