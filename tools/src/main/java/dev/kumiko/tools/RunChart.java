package dev.kumiko.tools;

import dev.kumiko.format.AtomicFile;
import dev.kumiko.format.Json;
import dev.kumiko.train.StepReport;
import dev.kumiko.train.TrainingListener;
import dev.kumiko.train.run.RunFolder;
import java.awt.AWTError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Draws loss, scores and learning rate of a run beside its log, {@code chart.html} and {@code
 * chart.png}: at each evaluation and checkpoint, so that a run that is killed leaves them, and at
 * the end. A run that goes on draws what its log says, too. A chart that cannot be drawn is said
 * once and costs no run.
 */
final class RunChart implements TrainingListener, AutoCloseable {
  /** Drawing takes such a share of the time at most. */
  private static final double SHARE = 0.1;

  private static final String PAGE = "chart.html";

  private final RunFolder folder;
  private final RunPicture picture;
  private final Streams streams;
  private boolean changed;
  private boolean failed;
  private double cost;
  private long drawnAt;

  RunChart(Path target, Streams streams) {
    this.folder = RunFolder.beside(target);
    this.picture = new RunPicture(String.valueOf(target.getFileName()));
    this.streams = streams;
  }

  @Override
  public void stepped(StepReport report) {
    picture.step(report.step(), report.loss(), report.rate());
    picture.steps(report.steps());
    changed = true;
  }

  @Override
  public void evaluated(long step, SequencedMap<String, Double> scores, boolean best) {
    Map.Entry<String, Double> first = scores.firstEntry();
    picture.score(step, first.getKey(), first.getValue());
    changed = true;
    drawNowAndThen();
  }

  @Override
  public void saved(long step) {
    drawNowAndThen();
  }

  @Override
  public void resumed(long step) {
    try (BufferedReader log = Files.newBufferedReader(folder.log())) {
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        read(Json.parse(folder.log().toString(), line));
      }
    } catch (IOException e) {
      streams.say("%s: the chart begins here: %s".formatted(folder.log(), e.getMessage()));
    }
  }

  private void read(Json line) throws IOException {
    long step = line.get("step").asLong();
    Optional<Json> scores = line.find("scores");
    if (scores.isPresent()) {
      Map.Entry<String, Json> first = scores.get().members().entrySet().iterator().next();
      picture.score(step, first.getKey(), number(first.getValue()));
    } else {
      picture.step(step, number(line.get("loss")), number(line.get("rate")));
    }
    changed = true;
  }

  private static double number(Json value) throws IOException {
    return value.isNull() ? Double.NaN : value.asDouble();
  }

  private void drawNowAndThen() {
    double since = (System.nanoTime() - drawnAt) * 1e-9;
    if (drawnAt == 0 || cost < SHARE * since) {
      draw();
    }
  }

  /** Draws what has come since. */
  void draw() {
    if (!changed || failed || picture.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    try {
      write(PAGE, picture.html().getBytes(StandardCharsets.UTF_8));
      write("chart.png", picture.png());
      changed = false;
    } catch (IOException | RuntimeException | LinkageError | AWTError e) {
      failed = true;
      streams.say("%s: no chart: %s".formatted(folder.folder(), e));
    }
    drawnAt = System.nanoTime();
    cost = (drawnAt - start) * 1e-9;
  }

  /** Returns the page, if it could be drawn. */
  Optional<Path> page() {
    return failed ? Optional.empty() : Optional.of(folder.folder().resolve(PAGE));
  }

  private void write(String name, byte[] content) throws IOException {
    try (AtomicFile file = AtomicFile.replacing(folder.folder().resolve(name))) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        file.channel().write(bytes);
      }
      file.commit();
    }
  }

  @Override
  public void close() {
    draw();
  }
}
