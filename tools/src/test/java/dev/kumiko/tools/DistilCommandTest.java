package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.TestModels;
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
      assertEquals(
          List.of("chart.html", "chart.png", "log.jsonl"),
          left.map(p -> p.getFileName().toString()).sorted().toList());
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

  private static final String[] THIN = {
    "--layers", "2", "--hidden", "16", "--heads", "4", "--intermediate", "32", "--loss", "lealla"
  };

  private String[] thin(Path target, String... more) {
    List<String> all = new ArrayList<>(List.of(command(target, THIN)));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** With a projection and the teacher's vectors, which are kept in files meanwhile. */
  @Test
  void aRunThatIsKilledAndResumedGivesTheBytesOfOneThatWasNot() throws Exception {
    KilledRun.givesTheBytesOfOneThatWasNotKilled(
        folder, target -> thin(target, "--epochs", "40", "--save-every", "3"));
  }

  /** The vectors stay; with them a teacher that is asked again gives the same bytes. */
  @Test
  void theTeachersVectorsAreKeptForOtherRuns() throws IOException {
    Path vectors = folder.resolve("vectors");
    String[] keep = {"--epochs", "2", "--teacher-vectors", vectors.toString()};
    Path first = folder.resolve("first");
    assertEquals(0, Outcome.of(thin(first, keep)).code);
    List<Path> files = files(vectors);
    assertEquals(2, files.size(), "a file for each column");
    byte[] kept = Files.readAllBytes(files.getFirst());
    Path second = folder.resolve("second");
    Outcome again = Outcome.of(thin(second, keep));
    assertEquals(0, again.code, again.err);
    assertEquals(1, again.err.lines().count(), again.err);
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    assertEquals(files, files(vectors));
    byte[] damaged = kept.clone();
    damaged[damaged.length - 9] ^= 1;
    Files.write(files.getFirst(), damaged);
    Path third = folder.resolve("third");
    Outcome repaired = Outcome.of(thin(third, keep));
    assertEquals(0, repaired.code, repaired.err);
    assertTrue(
        repaired.err.startsWith(
            "kumiko: " + files.getFirst() + ": the vector of example 40 is damaged"),
        repaired.err);
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(third));
    assertArrayEquals(kept, Files.readAllBytes(files.getFirst()));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Vectors have no need of the same tokens, token vectors do. */
  @Test
  void anotherTokenizerIsForVectorsAlone() throws IOException {
    Path source = TestModels.resource("fixtures/roberta");
    Path student = folder.resolve("roberta");
    Converter.convert(source, student, ConversionOptions.NONE, line -> {});
    distil("vectors", "--student", student.toString(), "--loss", "mse", "--steps", "20");
    Outcome outcome =
        Outcome.of(
            command(
                folder.resolve("tokens"), "--student", student.toString(), "--token-level", "1"));
    assertEquals(1, outcome.code);
    assertTrue(
        outcome.err.contains("different tokenizers, so that their tokens have no counterparts"),
        outcome.err);
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    Path target = folder.resolve("refused");
    Outcome.of(command(target))
        .failed(2, "a student needs one of --keep-layers, --layers and --student, and only one");
    Outcome.of(command(target, "--layers", "12", "--hidden", "128", "--heads", "5"))
        .failed(2, "5 heads do not divide a hidden size of 128");
    Outcome.of(
            command(
                target, "--keep-layers", "0", "--token-level", "0", "--teacher-vectors", "there"))
        .failed(
            2,
            "--token-level compares tokens, whose vectors are too many: --teacher-vectors does not go with it");
    Outcome.of(command(target, "--keep-layers", "0", "--only-table"))
        .failed(2, "--only-table goes with --token-level");
    Outcome.of(command(target, "--keep-layers", "0", "--loss", "logit", "--parallel"))
        .failed(
            2, "--parallel has the teacher's vectors of one column, but --loss logit compares two");
  }
}
