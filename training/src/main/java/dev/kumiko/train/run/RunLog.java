package dev.kumiko.train.run;

import dev.kumiko.train.StepReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** The log of a run: a JSON object a line, for each step and each evaluation. */
final class RunLog implements AutoCloseable {
  private final OutputStream out;
  private long size;

  private RunLog(OutputStream out, long size) {
    this.out = out;
    this.size = size;
  }

  /** Begins anew, or behind the first {@code kept} bytes of what is there. */
  static RunLog open(Path file, long kept) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(kept);
    }
    long size = Files.size(file);
    return new RunLog(
        Files.newOutputStream(file, StandardOpenOption.APPEND, StandardOpenOption.CREATE), size);
  }

  /** Returns how many bytes there are. */
  long size() {
    return size;
  }

  void step(StepReport report) throws IOException {
    write(
        String.format(
            Locale.ROOT,
            "{\"step\":%d,\"epoch\":%s,\"loss\":%s,\"rate\":%s,\"gradient_norm\":%s,\"tokens\":%d,\"seconds\":%.3f}",
            report.step(),
            number(report.epoch()),
            number(report.loss()),
            number(report.rate()),
            number(report.gradientNorm()),
            report.tokens(),
            report.seconds()));
  }

  void scores(long step, Map<String, Double> scores) throws IOException {
    StringJoiner joined = new StringJoiner(",", "{", "}");
    scores.forEach((name, score) -> joined.add("\"%s\":%s".formatted(name, number(score))));
    write("{\"step\":%d,\"scores\":%s}".formatted(step, joined));
  }

  /** JSON has no word for what is no number. */
  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "null";
  }

  private void write(String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    size += bytes.length;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
