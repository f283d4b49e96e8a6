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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compress --train}. */
class CompressTrainTest {
  private static final String[] WORDS = {"roof", "rafter", "purlin", "tree", "salad", "nail"};

  @TempDir private Path folder;
  private Path texts;

  @BeforeEach
  void writeTexts() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lines.add("the %s %d of a %s".formatted(WORDS[i % 6], i, WORDS[i % 5]));
    }
    texts = Files.write(folder.resolve("texts.txt"), lines);
  }

  private String[] command(Path target, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("compress", SmallModel.path(), target.toString()));
    arguments.addAll(List.of("--parts", "2", "--codes", "61", "--assignment", "cartesian"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private String[] training(Path target, String... more) {
    List<String> all =
        new ArrayList<>(List.of(command(target, "--train", texts.toString(), "--threads", "1")));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private double distance(Path model) throws IOException {
    double sum = 0;
    try (Embedder teacher = Embedder.load(Path.of(SmallModel.path()));
        Embedder student = Embedder.load(model)) {
      for (String text : Files.readAllLines(texts)) {
        sum += 1 - teacher.embed(text).cosine(student.embed(text));
      }
    }
    return sum;
  }

  @Test
  void theTableLearnsAndNothingElse() throws IOException {
    Path plain = folder.resolve("plain");
    assertEquals(0, Outcome.of(command(plain)).code);
    Path trained = folder.resolve("trained");
    Outcome outcome = Outcome.of(training(trained, "--epochs", "10", "--batch-size", "8"));
    assertEquals(0, outcome.code, outcome.err);
    assertTrue(
        outcome.err.endsWith(
            "wrote %s after 50 steps; %s shows how it went%n"
                .formatted(trained, KilledRun.run(trained).resolve("chart.html"))),
        outcome.err);
    double before = distance(plain);
    double after = distance(trained);
    assertTrue(after < 0.75 * before, after + " after " + before);
    try (ModelFile was = ModelFile.open(plain);
        ModelFile is = ModelFile.open(trained)) {
      assertEquals(was.tensors().keySet(), is.tensors().keySet());
      for (Tensor tensor : was.tensors().values()) {
        boolean same = tensor.data().mismatch(is.tensor(tensor.name()).data()) < 0;
        boolean part = tensor.name().startsWith(TensorNames.TOKEN_EMBEDDINGS_PART + ".");
        assertTrue(same || part, tensor.name());
      }
    }
    List<String> left = List.of(KilledRun.run(trained).toFile().list());
    assertFalse(left.contains("student.safetensors"), left::toString);
    // What learnt is an ordinary model.
    Path int8 = folder.resolve("int8");
    assertEquals(0, Outcome.of("quantize", trained.toString(), int8.toString()).code);
    Outcome.of("embed", "-m", int8.toString(), "roof").silent();
  }

  @Test
  void aRunThatIsKilledAndResumedGivesTheBytesOfOneThatWasNot() throws Exception {
    KilledRun.givesTheBytesOfOneThatWasNotKilled(
        folder,
        target -> training(target, "--epochs", "40", "--batch-size", "8", "--save-every", "3"));
  }

  @Test
  void frequentTokensLearnToo() throws IOException {
    Path target = folder.resolve("own");
    String[] options = {"--own-rows", "5", "--corpus", texts.toString(), "--steps", "5"};
    Path again = folder.resolve("again");
    assertEquals(0, Outcome.of(training(target, options)).code);
    assertEquals(0, Outcome.of(training(again, options)).code);
    assertArrayEquals(Files.readAllBytes(target), Files.readAllBytes(again));
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    Path target = folder.resolve("refused");
    Outcome.of(training(target, "--int8"))
        .failed(
            2,
            "--int8 does not go with --train, which needs fp32; run kumiko quantize on the result");
    Outcome.of(command(target, "--steps", "5")).failed(2, "--steps goes with --train");
    Outcome.of(command(target, "--token-level", "1")).failed(2, "--token-level goes with --train");
    Outcome deep = Outcome.of(training(target, "--token-level", "9"));
    assertTrue(deep.err.endsWith("after layer 9, but there are only 3" + System.lineSeparator()));
    assertFalse(Files.exists(target));
  }
}
