package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  private static final int PAIRS = 60;

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void writeData() throws IOException {
    Random random = new Random(3);
    String[] words = {"roof", "rafter", "purlin", "tree", "fruit", "salad", "wood", "nail"};
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < PAIRS; i++) {
      String word = words[random.nextInt(words.length)];
      String other = words[random.nextInt(words.length)];
      lines.append("the %s %d,a %s,%d\n".formatted(word, i, other, word.equals(other) ? 5 : i % 4));
    }
    data = Files.writeString(folder.resolve("data.csv"), lines.toString());
  }

  private String[] command(Path target, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("train", SmallModel.path(), target.toString()));
    arguments.addAll(List.of("--data", data.toString(), "--loss", "cosent"));
    arguments.addAll(List.of("--batch-size", "6", "--learning-rate", "1e-3"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  @Test
  void theResultIsAnOrdinaryModelThatScoresBetterOnWhatItLearnt() throws IOException {
    Path target = folder.resolve("trained.safetensors");
    Outcome outcome = Outcome.of(command(target, "--epochs", "3", "--eval", data.toString()));
    assertEquals(0, outcome.code, outcome.err);
    String[] lines = outcome.err.lines().toArray(String[]::new);
    double before =
        Double.parseDouble(lines[0].replaceAll(".*spearman_cosine ([-\\d.]+),.*", "$1"));
    double after = Double.parseDouble(lines[1].replaceAll(".*spearman_cosine ([-\\d.]+),.*", "$1"));
    assertTrue(after > before + 10, outcome.err);
    try (Embedder embedder = Embedder.load(target)) {
      assertEquals(SmallModel.DIMENSION, embedder.embed("a roof").vector().length);
    }
    Path run = folder.resolve("trained.safetensors-training");
    assertEquals(
        3 * PAIRS / 6 + 2, Files.readAllLines(run.resolve("log.jsonl")).size(), "steps and scores");
    assertFalse(Files.exists(run.resolve("checkpoint.safetensors")));
    assertFalse(Files.exists(run.resolve("best.safetensors")));
  }

  @Test
  void threadsMakeNoDifference() throws IOException {
    Path one = folder.resolve("one.safetensors");
    Path two = folder.resolve("two.safetensors");
    assertEquals(0, Outcome.of(command(one, "--steps", "5", "--threads", "1")).code);
    assertEquals(0, Outcome.of(command(two, "--steps", "5", "--threads", "2")).code);
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
  }

  @Test
  void aRunThatIsKilledAndResumedGivesTheBytesOfOneThatWasNot() throws Exception {
    String[] options = {"--epochs", "12", "--save-every", "3", "--eval-every", "10"};
    Path whole = folder.resolve("whole.safetensors");
    String[] more = withEvaluation(options);
    assertEquals(0, Outcome.of(command(whole, more)).code);
    Path target = folder.resolve("killed.safetensors");
    Path log = folder.resolve("killed.safetensors-training").resolve("log.jsonl");
    Random random = new Random();
    for (int kill = 0; kill < 5; kill++) {
      Process process = start(target, more);
      int lines = 20 * kill + 1 + random.nextInt(20);
      while (process.isAlive() && (Files.notExists(log) || lines(log) < lines)) {
        Thread.sleep(5);
      }
      assertTrue(process.isAlive(), "ended before it was killed");
      process.destroyForcibly().waitFor();
      assertFalse(Files.exists(target));
    }
    Outcome last = Outcome.of(command(target, withResume(more)));
    assertEquals(0, last.code, last.err);
    assertTrue(last.err.contains("going on after step"), last.err);
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(target));
  }

  private static int lines(Path log) throws IOException {
    return Files.readString(log).split("\n", -1).length;
  }

  private String[] withEvaluation(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--eval", data.toString()));
    return all.toArray(String[]::new);
  }

  private static String[] withResume(String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--resume");
    return all.toArray(String[]::new);
  }

  private Process start(Path target, String... options) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    String backend = System.getProperty("kumiko.backend");
    if (backend != null) {
      arguments.add("-Dkumiko.backend=" + backend);
      if (backend.equals("vector")) {
        arguments.add("--add-modules=jdk.incubator.vector");
      }
    }
    arguments.add("dev.kumiko.tools.Main");
    arguments.addAll(List.of(command(target, withResume(options))));
    Path log = folder.resolve("child.log");
    return new ProcessBuilder(arguments)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  @Test
  void aCheckpointOfOtherSettingsIsRefusedWithBoth() throws Exception {
    Path target = folder.resolve("other.safetensors");
    Process process = start(target, "--epochs", "500", "--save-every", "1");
    Path checkpoint =
        folder.resolve("other.safetensors-training").resolve("checkpoint.safetensors");
    for (int i = 0; i < 600 && !Files.exists(checkpoint); i++) {
      Thread.sleep(50);
    }
    process.destroyForcibly().waitFor();
    assertTrue(Files.exists(checkpoint), "no checkpoint");
    Outcome outcome =
        Outcome.of(command(target, "--epochs", "500", "--learning-rate", "2e-3", "--resume"));
    assertEquals(2, outcome.code, outcome.err); // given twice
    outcome = Outcome.of(command(target, "--epochs", "499", "--save-every", "1", "--resume"));
    assertEquals(1, outcome.code, outcome.err);
    assertTrue(outcome.err.contains("is of another run, its settings:"), outcome.err);
    assertTrue(
        outcome.err.contains("epochs=500") && outcome.err.contains("epochs=499"), outcome.err);
    assertFalse(Files.exists(target));
  }

  @Test
  void aLossThatIsNoNumberStopsTheRunAndSaysWhere() throws IOException {
    Path target = folder.resolve("nan.safetensors");
    Outcome outcome =
        Outcome.of(command(target, "--steps", "9", "--clip", "0", "--table-rate", "1e38"));
    assertEquals(1, outcome.code, outcome.err);
    assertTrue(outcome.err.contains("kumiko: step "), outcome.err);
    assertTrue(outcome.err.contains(data + ": line "), outcome.err);
    assertEquals(1, outcome.err.lines().count(), outcome.err);
    assertFalse(Files.exists(target));
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() throws IOException {
    Path target = folder.resolve("refused.safetensors");
    Path bad = Files.writeString(folder.resolve("bad.csv"), "one,two,3\none,two,three\n");
    Outcome.of(
            "train",
            SmallModel.path(),
            target.toString(),
            "--data",
            bad.toString(),
            "--loss",
            "cosent")
        .failed(1, bad + ": line 2: column 3 is \"three\", expected a number");
    Outcome.of(
            "train",
            SmallModel.path(),
            target.toString(),
            "--data",
            data.toString(),
            "--loss",
            "mnr",
            "--batch-size",
            "1",
            "--steps",
            "1")
        .failed(
            1,
            "mnr compares each line with the others of its batch, but the batch has a single line: make it larger, or give the lines negatives");
    Outcome.of(
            "train",
            SmallModel.path(),
            target.toString(),
            "--data",
            data.toString(),
            "--loss",
            "cosent",
            "--margin",
            "1")
        .failed(2, "--margin is for --loss ams, not for cosent");
    Outcome.of(
            "train",
            SmallModel.path(),
            target.toString(),
            "--data",
            data.toString(),
            "--loss",
            "cosent",
            "--steps",
            "3",
            "--warmup",
            "7")
        .failed(1, "A run of 3 steps with a warm-up of 7");
  }

  @Test
  void theFirstLayersStayAsTheyAreAlsoUnderLora() throws IOException {
    Path target = folder.resolve("frozen.safetensors");
    Outcome outcome =
        Outcome.of(command(target, "--steps", "3", "--freeze-layers", "1", "--lora-rank", "2"));
    assertEquals(0, outcome.code, outcome.err);
    int changed = 0;
    try (ModelFile before = ModelFile.open(Path.of(SmallModel.path()));
        ModelFile after = ModelFile.open(target)) {
      for (Tensor tensor : before.tensors().values()) {
        boolean same = tensor.data().mismatch(after.tensor(tensor.name()).data()) < 0;
        boolean learns = TensorNames.layer(tensor.name()).orElse(0) > 0;
        assertTrue(same || learns, tensor.name());
        changed += same ? 0 : 1;
      }
    }
    assertTrue(changed > 0, "nothing was learnt");
    Outcome.of(command(target, "--steps", "3", "--freeze-layers", "9"))
        .failed(1, "9 layers are to stay as they are, but the model has 3");
  }

  @Test
  void anIntervalOfEvaluationsNeedsWhatToEvaluateOn() {
    Path target = folder.resolve("none.safetensors");
    Outcome.of(command(target, "--eval-every", "2"))
        .failed(2, "--eval-every needs --eval, which says on what");
  }
}
