package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
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
    assertEquals(1104, ImageIO.read(run.resolve("chart.png").toFile()).getWidth());
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
    KilledRun.givesTheBytesOfOneThatWasNotKilled(
        folder,
        target ->
            command(
                target,
                "--epochs",
                "15",
                "--save-every",
                "3",
                "--eval-every",
                "10",
                "--eval",
                data.toString()));
  }

  @Test
  void aCheckpointOfOtherSettingsIsRefusedWithBoth() throws Exception {
    Path target = folder.resolve("other.safetensors");
    leaveACheckpoint(target, "--epochs", "500", "--save-every", "1");
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

  private void leaveACheckpoint(Path target, String... options) throws Exception {
    Process process = KilledRun.start(folder.resolve("child.log"), command(target, options));
    Path checkpoint = KilledRun.run(target).resolve("checkpoint.safetensors");
    for (int i = 0; i < 1200 && !Files.exists(checkpoint); i++) {
      Thread.sleep(50);
    }
    process.destroyForcibly().waitFor();
    assertTrue(Files.exists(checkpoint), "no checkpoint");
  }

  @Test
  void aCheckpointOfOtherDataOrAnotherModelIsRefused() throws Exception {
    Path target = folder.resolve("other.safetensors");
    String[] options = {"--epochs", "500", "--save-every", "1"};
    leaveACheckpoint(target, options);
    Path checkpoint = KilledRun.run(target).resolve("checkpoint.safetensors");
    byte[] before = Files.readAllBytes(checkpoint);
    String[] again = KilledRun.resumed(command(target, options));
    String text = Files.readString(data);
    Files.writeString(data, text.replaceFirst("the", "that"));
    Outcome otherData = Outcome.of(again);
    assertEquals(1, otherData.code, otherData.err);
    assertTrue(
        otherData.err.contains(data + ": is not what the saved position is of"), otherData.err);
    Files.writeString(data, text);
    Path model = folder.resolve("model.safetensors");
    assertEquals(0, Outcome.of(command(model, "--steps", "1", "--warmup", "0")).code);
    again[1] = model.toString();
    Outcome otherModel = Outcome.of(again);
    assertEquals(1, otherModel.code, otherModel.err);
    assertTrue(otherModel.err.contains("is of another run, its model:"), otherModel.err);
    assertArrayEquals(before, Files.readAllBytes(checkpoint));
    assertFalse(Files.exists(target));
  }

  @Test
  void whatAnInterruptedRunHasSavedIsNotWrittenOver() throws Exception {
    Path target = folder.resolve("kept.safetensors");
    String[] options = {"--epochs", "500", "--save-every", "1"};
    leaveACheckpoint(target, options);
    Path checkpoint = KilledRun.run(target).resolve("checkpoint.safetensors");
    byte[] before = Files.readAllBytes(checkpoint);
    Outcome.of(command(target, options))
        .failed(
            1,
            checkpoint
                + ": is what an interrupted run has saved; --resume goes on from it, or delete it to begin again");
    assertArrayEquals(before, Files.readAllBytes(checkpoint));
    Files.delete(checkpoint);
    Outcome begun = Outcome.of(KilledRun.resumed(command(target, "--steps", "2")));
    assertEquals(0, begun.code, begun.err);
    assertTrue(
        begun.err.startsWith("kumiko: there is no " + checkpoint + " to go on from"), begun.err);
    Path nowhere = folder.resolve("none").resolve("model.safetensors");
    Outcome.of(command(nowhere, options))
        .failed(
            1,
            "%s: not written: the directory %s is not there"
                .formatted(nowhere, nowhere.getParent()));
    assertFalse(Files.exists(nowhere.getParent()));
  }

  /** Batches of 8 in pairs are those of 16: the data come in the same order. */
  @Test
  void gradientsOfTwoBatchesOf8AreThoseOfOneOf16() throws IOException {
    Path whole = folder.resolve("whole.safetensors");
    Path halves = folder.resolve("halves.safetensors");
    String[] options = {
      "--loss", "cosine", "--score-range", "0,5", "--steps", "3", "--learning-rate", "1e-4"
    };
    List<String> common = new ArrayList<>(List.of("train", SmallModel.path(), "TARGET"));
    common.addAll(List.of("--data", data.toString()));
    common.addAll(List.of(options));
    common.addAll(List.of("--batch-size", "16", "--accumulate", "1"));
    common.set(2, whole.toString());
    assertEquals(0, Outcome.of(common.toArray(String[]::new)).code);
    common.set(2, halves.toString());
    common.set(common.size() - 3, "8");
    common.set(common.size() - 1, "2");
    assertEquals(0, Outcome.of(common.toArray(String[]::new)).code);
    List<String> one = Files.readAllLines(KilledRun.run(whole).resolve("log.jsonl"));
    List<String> two = Files.readAllLines(KilledRun.run(halves).resolve("log.jsonl"));
    assertEquals(3, one.size());
    for (int i = 0; i < 3; i++) {
      for (String key : List.of("loss", "gradient_norm", "rate", "tokens")) {
        double expected = Json.parse("log", one.get(i)).get(key).asDouble();
        double found = Json.parse("log", two.get(i)).get(key).asDouble();
        assertEquals(expected, found, 1e-5 * expected, key + " of step " + (i + 1));
      }
    }
  }

  @Test
  void aLossThatIsNoNumberStopsTheRunAndSaysWhere() throws IOException {
    Path target = folder.resolve("nan.safetensors");
    Outcome outcome =
        Outcome.of(command(target, "--steps", "9", "--clip", "0", "--table-rate", "1e38"));
    assertEquals(1, outcome.code, outcome.err);
    assertTrue(outcome.err.contains("kumiko: step "), outcome.err);
    assertTrue(outcome.err.contains(data + ": line "), outcome.err);
    assertTrue(outcome.err.contains(" gradient "), outcome.err);
    assertTrue(outcome.err.contains("The last checkpoint stays"), outcome.err);
    assertEquals(1, outcome.err.lines().count(), outcome.err);
    assertFalse(Files.exists(target));
  }

  /** The rate rises until the loss breaks: what was saved before is as it was. */
  @Test
  void aLossThatBreaksLeavesTheLastCheckpoint() throws IOException {
    Path target = folder.resolve("breaks.safetensors");
    String[] options = {
      "--steps", "60", "--clip", "0", "--table-rate", "1e34", "--warmup", "50", "--save-every", "1"
    };
    Outcome outcome = Outcome.of(command(target, options));
    assertEquals(1, outcome.code, outcome.err);
    Path checkpoint = KilledRun.run(target).resolve("checkpoint.safetensors");
    byte[] before = Files.readAllBytes(checkpoint);
    Outcome again = Outcome.of(KilledRun.resumed(command(target, options)));
    assertEquals(1, again.code, again.err);
    String step = outcome.err.replaceAll("(?s)kumiko: step (\\d+):.*", "$1");
    assertTrue(again.err.contains("kumiko: step " + step + ": the "), again.err);
    assertArrayEquals(before, Files.readAllBytes(checkpoint));
  }

  /** A limit of the size of files does to a process what a full disk does. */
  @Test
  void aDiskThatFillsDuringACheckpointLeavesTheOneBefore() throws Exception {
    Path target = folder.resolve("full.safetensors");
    String[] options = {"--epochs", "500", "--save-every", "1"};
    leaveACheckpoint(target, options);
    Path checkpoint = KilledRun.run(target).resolve("checkpoint.safetensors");
    byte[] before = Files.readAllBytes(checkpoint);
    long blocks = before.length / 2 / 512;
    List<String> limited =
        new ArrayList<>(List.of("sh", "-c", "ulimit -f " + blocks + "; exec \"$@\"", "sh"));
    limited.addAll(KilledRun.commandLine(KilledRun.resumed(command(target, options))));
    limited.add(5, "-XX:-UsePerfData");
    Path log = folder.resolve("limited.log");
    Process process =
        new ProcessBuilder(limited).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertEquals(1, process.waitFor(), Files.readString(log));
    String said = Files.readString(log);
    assertTrue(said.contains("checkpoint.safetensors: not written: "), said);
    assertArrayEquals(before, Files.readAllBytes(checkpoint));
    try (Stream<Path> files = Files.list(checkpoint.getParent())) {
      assertEquals(
          List.of("checkpoint.safetensors", "log.jsonl"),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.startsWith("chart"))
              .sorted()
              .toList());
    }
  }

  @Test
  void thereIsNothingToLearnFromScoresThatAreAllEqual() throws IOException {
    Path target = folder.resolve("refused.safetensors");
    Path equal = Files.writeString(folder.resolve("equal.csv"), "one,two,3\nthree,four,3\n");
    String[] command = command(target);
    command[4] = equal.toString();
    Outcome.of(command)
        .failed(1, equal + ": all 2 scores are 3.0, but cosent learns from their order");
  }

  @Test
  void textsThatAreAllTheSame() throws IOException {
    Path target = folder.resolve("same.safetensors");
    Path same = Files.writeString(folder.resolve("same.csv"), "roof,roof,1\n".repeat(9));
    String[] ranking = command(target, "--steps", "2");
    ranking[4] = same.toString();
    ranking[6] = "mnr";
    Outcome.of(ranking)
        .failed(
            1,
            "mnr compares each line with the others of its batch, but the batch has a single line: make it larger, use lines with different texts, or give them negatives");
    Files.writeString(same, "roof,roof,1\nroof,roof,2\n");
    String[] order = command(target, "--steps", "2");
    order[4] = same.toString();
    Outcome outcome = Outcome.of(order);
    assertEquals(0, outcome.code, outcome.err);
    try (Embedder embedder = Embedder.load(target)) {
      assertTrue(Float.isFinite(embedder.embed("a roof").vector()[0]));
    }
  }

  @Test
  void roundedNumbersCannotLearn() throws IOException {
    Path int8 = folder.resolve("int8.safetensors");
    assertEquals(0, Outcome.of("quantize", SmallModel.path(), int8.toString()).code);
    Path target = folder.resolve("refused.safetensors");
    String[] command = command(target);
    command[1] = int8.toString();
    Outcome outcome = Outcome.of(command);
    assertEquals(1, outcome.code, outcome.err);
    assertTrue(outcome.err.contains("train the file that this one was made from"), outcome.err);
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
            "mnr compares each line with the others of its batch, but the batch has a single line: make it larger, use lines with different texts, or give them negatives");
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

  /** What was learnt is merged: matrices differ by a product of rank 2, all else stays. */
  @Test
  void loraIsMergedIntoTheMatrices() throws IOException {
    Path target = folder.resolve("lora.safetensors");
    Outcome outcome =
        Outcome.of(command(target, "--steps", "20", "--lora-rank", "2", "--eval", data.toString()));
    assertEquals(0, outcome.code, outcome.err);
    int changed = 0;
    try (ModelFile before = ModelFile.open(Path.of(SmallModel.path()));
        ModelFile after = ModelFile.open(target)) {
      assertEquals(before.tensors().keySet(), after.tensors().keySet());
      for (Tensor tensor : before.tensors().values()) {
        if (tensor.data().mismatch(after.tensor(tensor.name()).data()) < 0) {
          continue;
        }
        changed++;
        assertTrue(tensor.name().startsWith("layers."), tensor.name());
        double[] sizes =
            new SingularValueDecomposition(
                    matrix(after.tensor(tensor.name())).subtract(matrix(tensor)))
                .getSingularValues();
        assertTrue(sizes[1] > 1e-3 * sizes[0], tensor.name() + ": rank 1");
        assertTrue(sizes[2] < 1e-3 * sizes[0], tensor.name() + ": rank 3");
      }
    }
    assertEquals(3 * 6, changed, "matrices");
    // The file has the score that the model had while it learnt.
    String[] lines = outcome.err.lines().toArray(String[]::new);
    String during = lines[1].replaceAll(".*spearman_cosine ([-\\d.]+),.*", "$1");
    Outcome score = Outcome.of("eval", "sts", "-m", target.toString(), data.toString());
    assertTrue(score.out.contains(during), lines[1] + ", then " + score.out);
  }

  private static RealMatrix matrix(Tensor tensor) throws IOException {
    int rows = Math.toIntExact(tensor.shape().getFirst());
    float[] values = tensor.toFloats();
    int columns = values.length / rows;
    RealMatrix matrix = MatrixUtils.createRealMatrix(rows, columns);
    for (int i = 0; i < values.length; i++) {
      matrix.setEntry(i / columns, i % columns, values[i]);
    }
    return matrix;
  }

  @Test
  void anIntervalOfEvaluationsNeedsWhatToEvaluateOn() {
    Path target = folder.resolve("none.safetensors");
    Outcome.of(command(target, "--eval-every", "2"))
        .failed(2, "--eval-every needs --eval, which says on what");
  }
}
