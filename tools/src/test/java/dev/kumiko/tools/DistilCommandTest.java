package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistilCommandTest {
  private static final String[] WORDS = {"roof", "rafter", "purlin", "tree", "salad", "nail"};

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void writeData() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      String word = WORDS[i % WORDS.length];
      lines.append("the %s %d,ein %s %d,%d\n".formatted(word, i, word, i, i % 5));
    }
    data = Files.writeString(folder.resolve("data.csv"), lines.toString());
  }

  private String[] command(Path target, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("distil", SmallModel.path(), target.toString()));
    arguments.addAll(List.of("--data", data.toString(), "--batch-size", "8"));
    arguments.addAll(List.of("--learning-rate", "1e-3", "--threads", "1"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private double[] losses(Path target) throws IOException {
    Path log = target.resolveSibling(target.getFileName() + "-training").resolve("log.jsonl");
    return Files.readAllLines(log).stream()
        .filter(line -> line.contains("\"loss\":"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll(".*\"loss\":([^,]*),.*", "$1")))
        .toArray();
  }

  private Path distil(String name, String... more) throws IOException {
    Path target = folder.resolve(name);
    Outcome outcome = Outcome.of(command(target, more));
    assertEquals(0, outcome.code, outcome.err);
    double[] losses = losses(target);
    assertTrue(losses[losses.length - 1] < losses[0], List.of(more) + ": " + outcome.err);
    return target;
  }

  @Test
  void aStudentOfSomeLayersLearnsAndTheSameCommandGivesTheSameBytes() throws IOException {
    Path first = distil("first", "--keep-layers", "0", "--steps", "10");
    Path second = distil("second", "--keep-layers", "0", "--steps", "10");
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    try (Embedder embedder = Embedder.load(first);
        Stream<Path> left = Files.list(folder.resolve("first-training"))) {
      assertEquals(SmallModel.DIMENSION, embedder.embed("a roof").vector().length);
      assertEquals(List.of("log.jsonl"), left.map(p -> p.getFileName().toString()).toList());
    }
  }

  @Test
  void aThinStudentLearnsByEveryLoss() throws IOException {
    for (String loss : List.of("mse", "cosine", "logit", "lealla")) {
      Path target =
          distil(
              loss,
              "--layers",
              "2",
              "--hidden",
              "16",
              "--heads",
              "4",
              "--intermediate",
              "32",
              "--loss",
              loss,
              "--steps",
              "30");
      try (Embedder embedder = Embedder.load(target)) {
        assertEquals(16, embedder.embed("a roof").vector().length);
      }
    }
  }

  @Test
  void translationsLearnTheVectorOfTheFirstText() throws IOException {
    Path target = distil("many", "--student", SmallModel.path(), "--parallel", "--steps", "20");
    try (Embedder teacher = Embedder.load(Path.of(SmallModel.path()));
        Embedder student = Embedder.load(target)) {
      float[] wanted = teacher.embed("the roof 0").vector();
      double before = distance(wanted, teacher.embed("ein roof 0").vector());
      double after = distance(wanted, student.embed("ein roof 0").vector());
      assertTrue(after < before, after + " after " + before);
    }
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow(a[i] - b[i], 2);
    }
    return sum;
  }

  @Test
  void aComposedTableLearnsFromTokenVectorsAlone() throws IOException {
    Path composed = folder.resolve("composed");
    Outcome outcome =
        Outcome.of(
            "compress",
            SmallModel.path(),
            composed.toString(),
            "--parts",
            "2",
            "--codes",
            "61",
            "--assignment",
            "cartesian");
    assertEquals(0, outcome.code, outcome.err);
    distil(
        "table",
        "--student",
        composed.toString(),
        "--token-level",
        "1",
        "--only-table",
        "--steps",
        "20");
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    Path target = folder.resolve("refused");
    Outcome.of(command(target))
        .failed(2, "a student needs one of --keep-layers, --layers and --student, and only one");
    Outcome.of(command(target, "--layers", "12", "--hidden", "128", "--heads", "5"))
        .failed(2, "5 heads do not divide a hidden size of 128");
    Outcome.of(command(target, "--keep-layers", "0", "--only-table"))
        .failed(2, "--only-table goes with --token-level");
    Outcome.of(command(target, "--keep-layers", "0", "--loss", "logit", "--parallel"))
        .failed(
            2, "--parallel has the teacher's vectors of one column, but --loss logit compares two");
  }
}
