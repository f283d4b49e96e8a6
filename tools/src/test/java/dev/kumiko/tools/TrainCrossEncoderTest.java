package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Reranker;
import dev.kumiko.TextClassifier;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train} of rerankers and classifiers, and of embedding models by a teacher's scores. */
class TrainCrossEncoderTest {
  /** Words that the models of the tests know. */
  private static final String[] WORDS = {"roof", "b", "c", "d", "e", "f"};

  @TempDir private Path folder;

  private Path model(String name) throws IOException {
    Path target = folder.resolve(name + ".safetensors");
    Path source = TestModels.resource("cross-encoders/" + name);
    Converter.convert(source, target, ConversionOptions.NONE, line -> {});
    return target;
  }

  private Path data(String format) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 48; i++) {
      String word = WORDS[i % 6];
      String other = WORDS[i % 4];
      boolean wanted = i % 4 == 0;
      lines.append(format.formatted(word, i, other, wanted ? 1 : 0, wanted ? "yes" : "no"));
    }
    return Files.writeString(folder.resolve("data.csv"), lines.toString());
  }

  private static Outcome train(Path model, Path target, Path data, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("train", model.toString(), target.toString()));
    arguments.addAll(List.of("--data", data.toString(), "--batch-size", "8", "--steps", "90"));
    arguments.addAll(List.of("--learning-rate", "1e-2", "--threads", "1"));
    arguments.addAll(List.of(more));
    return Outcome.of(arguments.toArray(String[]::new));
  }

  private static double score(String line, String name) {
    return Double.parseDouble(line.replaceAll(".* " + name + " ([-\\d.]+).*", "$1"));
  }

  @Test
  void aRerankerLearnsWhatIsWanted() throws IOException {
    Path model = model("bert-reranker");
    Path data = data("the %s %d,a %s,%d\n");
    Path target = folder.resolve("trained.safetensors");
    Outcome outcome =
        train(model, target, data, "--loss", "binary-cross-entropy", "--eval", data.toString());
    assertEquals(0, outcome.code, outcome.err);
    String[] lines = outcome.err.lines().toArray(String[]::new);
    assertTrue(lines[0].startsWith("kumiko: before, average_precision "), lines[0]);
    double before = score(lines[0], "average_precision");
    double after = score(lines[1], "average_precision");
    assertTrue(after > before + 10, outcome.err);
    try (Reranker reranker = Reranker.load(target)) {
      List<String> documents = List.of("a c", "a roof");
      assertEquals(1, reranker.rank("the b 0", documents).getFirst().index());
    }
  }

  @Test
  void aRerankerLearnsScoresAndIsMeasuredByTheirOrder() throws IOException {
    Path model = model("roberta-reranker");
    Path data = data("the %s %d,a %s,0.%d4\n");
    Path target = folder.resolve("trained.safetensors");
    Outcome outcome =
        train(model, target, data, "--loss", "binary-cross-entropy", "--eval", data.toString());
    assertEquals(0, outcome.code, outcome.err);
    assertTrue(outcome.err.startsWith("kumiko: before, spearman "), outcome.err);
  }

  @Test
  void aClassifierLearnsNamedClasses() throws IOException {
    Path model = model("distilbert-classifier");
    Path data = data("the %s %d a %s,%5$s\n");
    Path target = folder.resolve("trained.safetensors");
    String[] options = {
      "--loss", "cross-entropy", "--columns", "1", "--label", "2", "--classes", "no,yes"
    };
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--eval", data.toString(), "--eval-every", "30"));
    Outcome outcome = train(model, target, data, all.toArray(String[]::new));
    assertEquals(0, outcome.code, outcome.err);
    String[] lines = outcome.err.lines().toArray(String[]::new);
    assertEquals(5, lines.length, outcome.err);
    assertTrue(score(lines[3], "f1_micro") > 90, outcome.err);
    try (TextClassifier classifier = TextClassifier.load(target)) {
      assertTrue(classifier.labels().size() >= 2);
    }
    // Positions without a name follow the text.
    Path numbers = data("the %s %d a %s,%d\n");
    String[] plain = {"--loss", "cross-entropy", "--columns", "1", "--eval", numbers.toString()};
    Outcome second = train(model, target, numbers, plain);
    assertEquals(0, second.code, second.err);
  }

  @Test
  void anEmbeddingModelLearnsATeachersMargins() throws IOException {
    StringBuilder lines = new StringBuilder("query,positive,negative,good,bad\n");
    for (int i = 0; i < 48; i++) {
      lines.append(
          "the %s %d,a %s,a %s,%d.5,-1\n"
              .formatted(WORDS[i % 6], i, WORDS[i % 6], WORDS[(i + 1) % 6], i % 3));
    }
    Path data = Files.writeString(folder.resolve("margins.csv"), lines.toString());
    Path model = Path.of(SmallModel.path());
    String[] columns = {"--columns", "query,positive,negative", "--score", "good,bad"};
    for (String loss : List.of("margin-mse", "distill-kl-div")) {
      Path target = folder.resolve(loss);
      List<String> all = new ArrayList<>(List.of(columns));
      all.addAll(List.of("--loss", loss));
      Outcome outcome = train(model, target, data, all.toArray(String[]::new));
      assertEquals(0, outcome.code, outcome.err);
      List<String> log = Files.readAllLines(KilledRun.run(target).resolve("log.jsonl"));
      assertTrue(loss(log.getLast()) < loss(log.getFirst()), log::toString);
    }
    // Without names: three texts and a margin.
    Path plain = Files.writeString(folder.resolve("plain.csv"), "q,p,n,1\nr,s,t,2.5\n");
    Outcome outcome = train(model, folder.resolve("plain"), plain, "--loss", "margin-mse");
    assertEquals(0, outcome.code, outcome.err);
    train(
            model,
            folder.resolve("none"),
            data,
            "--loss",
            "margin-mse",
            "--columns",
            "query,positive,negative")
        .failed(
            2,
            "the columns of the texts are named ([query, positive, negative]), so those of scores or classes have to be, too");
    train(model, folder.resolve("none"), plain, "--loss", "margin-mse", "--score", "1,2,3")
        .failed(
            2,
            "a column is used twice: [column 1, column 2, column 3, column 1, column 2, column 3]");
  }

  private static double loss(String line) {
    return Double.parseDouble(line.replaceAll(".*\"loss\":([^,]*),.*", "$1"));
  }

  @Test
  void lossAndModelHaveToFit() throws IOException {
    Path data = data("the %s %d,a %s,%d\n");
    Path target = folder.resolve("refused.safetensors");
    train(model("bert-reranker"), target, data, "--loss", "cosent")
        .failed(
            1,
            "cosent compares vectors, but the model is a classifier or reranker, which has scores; cross-entropy and binary-cross-entropy are for it");
    train(Path.of(SmallModel.path()), target, data, "--loss", "cross-entropy")
        .failed(
            1,
            "cross-entropy is for classifiers and rerankers, but the model is an embedding model, which has vectors and no scores");
    train(Path.of(SmallModel.path()), target, data, "--loss", "cross-entropy", "--matryoshka", "16")
        .failed(2, "--matryoshka cuts vectors, but --loss cross-entropy has none");
  }
}
