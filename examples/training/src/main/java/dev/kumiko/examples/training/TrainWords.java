package dev.kumiko.examples.training;

import dev.kumiko.train.Trainer;
import dev.kumiko.train.TrainingResult;
import dev.kumiko.train.TrainingSettings;
import dev.kumiko.train.data.Columns;
import dev.kumiko.train.data.DataFile;
import dev.kumiko.train.data.FileFormat;
import dev.kumiko.train.evaluate.SimilarityEvaluator;
import dev.kumiko.train.loss.MultipleNegativesRanking;
import dev.kumiko.train.optimize.Schedule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** Teaches a model which machine is meant. */
public final class TrainWords {
  private static final int EPOCHS = 2;
  private static final double LEARNING_RATE = 5e-4;

  private TrainWords() {}

  /**
   * Trains a model, and prints how it scored before and how it scores then.
   *
   * @param args a model in fp32, and the file to write
   * @throws IOException if the model cannot be read, or the other not be written
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("expected two words, MODEL and TARGET");
    }
    TrainingResult result = train(Path.of(args[0]), Path.of(args[1]));
    System.out.printf(
        "before %.2f, after %.2f%n",
        result.firstScore().orElseThrow(), result.score().orElseThrow());
  }

  /** Trains a model and writes it to a target. */
  static TrainingResult train(Path model, Path target) throws IOException {
    // Training data is read again and again, so that it has to be a file.
    Path pairs = Files.createTempFile("pairs", ".csv");
    try {
      Files.write(pairs, lines("pairs.csv"));
      Columns columns = Columns.named("said", "meant");
      try (DataFile data = DataFile.open(pairs, FileFormat.CSV, columns, false)) {
        return Trainer.builder()
            .data(data)
            .loss(new MultipleNegativesRanking())
            .batchSize(8)
            .settings(settings())
            .evaluator(evaluator())
            .build()
            .train(model, target);
      }
    } finally {
      Files.delete(pairs);
    }
  }

  private static TrainingSettings settings() {
    TrainingSettings usual = TrainingSettings.DEFAULT;
    return new TrainingSettings(
        usual.steps(),
        EPOCHS,
        usual.accumulation(),
        LEARNING_RATE,
        OptionalDouble.empty(),
        usual.warmup(),
        Schedule.Shape.LINEAR,
        usual.weightDecay(),
        usual.largestNorm(),
        usual.frozenLayers(),
        usual.seed(),
        usual.evaluateEvery(),
        usual.saveEvery());
  }

  /** Compares cosines with what people say: 1 for the same, 0 for another machine. */
  private static SimilarityEvaluator evaluator() throws IOException {
    List<String[]> rows =
        lines("scores.csv").stream().skip(1).map(line -> line.split(",", -1)).toList();
    return new SimilarityEvaluator(
        rows.stream().map(row -> row[0]).toList(),
        rows.stream().map(row -> row[1]).toList(),
        rows.stream().mapToDouble(row -> Double.parseDouble(row[2])).toArray());
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = TrainWords.class.getResourceAsStream("/" + resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
