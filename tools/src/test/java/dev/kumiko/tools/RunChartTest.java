package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.train.StepReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunChartTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Path target;
  private Path run;

  @BeforeEach
  void makeFolder() throws IOException {
    target = folder.resolve("a<b.safetensors");
    run = Files.createDirectory(KilledRun.run(target));
  }

  private RunChart chart() {
    PrintStream messages = new PrintStream(said, true, StandardCharsets.UTF_8);
    return new RunChart(
        target,
        new Streams(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            messages,
            Terminals.NONE));
  }

  private static void steps(RunChart chart, int from, int to) {
    for (int step = from; step <= to; step++) {
      chart.stepped(new StepReport(step, 100, 0.5, 1.0 / step, 2e-5, 1, 10, 1));
    }
  }

  private static SequencedMap<String, Double> score(double value) {
    SequencedMap<String, Double> scores = new LinkedHashMap<>();
    scores.put("spearman_cosine", value);
    return scores;
  }

  private String html() throws IOException {
    return Files.readString(run.resolve("chart.html"));
  }

  @Test
  void anEvaluationDrawsLossScoreAndRate() throws IOException {
    RunChart chart = chart();
    steps(chart, 1, 20);
    chart.evaluated(20, score(71.25), true);
    String html = html();
    assertTrue(html.contains("<h1>a&lt;b.safetensors: step 20 of 100</h1>"), html);
    assertEquals(3, html.split("<svg ", -1).length - 1);
    assertTrue(html.contains(">Loss</text>") && html.contains(">Learning rate</text>"), html);
    assertTrue(html.contains("71.25 at best") && html.contains(">2e-5</text>"), html);
    assertFalse(html.contains("NaN"), html);
    assertEquals(1104, ImageIO.read(run.resolve("chart.png").toFile()).getWidth());
  }

  @Test
  void aRunThatGoesOnDrawsWhatItsLogSays() throws IOException {
    StringBuilder log = new StringBuilder("{\"step\":0,\"scores\":{\"spearman_cosine\":64.5}}\n");
    for (int step = 1; step <= 50; step++) {
      log.append("{\"step\":%d,\"loss\":%s,\"rate\":1.0E-5}\n".formatted(step, 1.0 / step));
    }
    log.append("{\"step\":50,\"scores\":{\"spearman_cosine\":null}}\n");
    Files.writeString(run.resolve("log.jsonl"), log);
    try (RunChart chart = chart()) {
      chart.resumed(50);
      steps(chart, 51, 60);
    }
    String html = html();
    assertTrue(html.contains("step 60 of 100"), html);
    assertTrue(html.contains("64.50 before"), html);
    assertTrue(html.contains(">1.0</text>"), "the loss of the first step: " + html);
  }

  @Test
  void aLongRunStaysSmall() throws IOException {
    try (RunChart chart = chart()) {
      for (int step = 1; step <= 300_000; step++) {
        chart.stepped(new StepReport(step, 300_000, 1, Math.sin(step), 1e-3, 1, 1, 1));
      }
    }
    assertTrue(html().length() < 120_000, "bytes: " + html().length());
    assertTrue(html().contains("step 300,000 of 300,000"));
  }

  @Test
  void withoutAStepThereIsNoChart() throws IOException {
    chart().close();
    assertEquals(0, run.toFile().list().length);
  }

  @Test
  void aChartThatCannotBeDrawnCostsNoRun() throws IOException {
    Files.createDirectory(run.resolve("chart.html"));
    RunChart chart = chart();
    steps(chart, 1, 2);
    chart.saved(2);
    steps(chart, 3, 4);
    chart.close();
    String message = said.toString(StandardCharsets.UTF_8);
    assertTrue(message.contains(": no chart: "), message);
    assertEquals(1, message.lines().count());
  }
}
