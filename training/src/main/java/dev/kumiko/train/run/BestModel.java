package dev.kumiko.train.run;

import dev.kumiko.train.TrainingException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What is known of the best model of a run so far.
 *
 * @param first score of the model as it was
 * @param score of the best one
 * @param step after so many steps it was
 */
record BestModel(OptionalDouble first, OptionalDouble score, long step) {
  /** Nothing was evaluated. */
  static final BestModel NONE = new BestModel(OptionalDouble.empty(), OptionalDouble.empty(), 0);

  /** Whether a score is better than all before. */
  boolean isBeatenBy(double other) {
    return !Double.isNaN(other) && (score.isEmpty() || other > score.getAsDouble());
  }

  /** Returns the same with the score of the model as it was. */
  BestModel first(double value) {
    return new BestModel(OptionalDouble.of(value), score, step);
  }

  /** Returns the same with a better model. */
  BestModel beatenBy(double value, long afterSteps) {
    return new BestModel(first, OptionalDouble.of(value), afterSteps);
  }

  Map<String, String> toMetadata() {
    return Map.of(
        "first score", text(first), "best score", text(score), "best step", Long.toString(step));
  }

  private static String text(OptionalDouble value) {
    return value.isPresent() ? Double.toString(value.getAsDouble()) : "none";
  }

  static BestModel of(Path file, Map<String, String> metadata) throws TrainingException {
    return new BestModel(
        score(metadata.getOrDefault("first score", "")),
        score(metadata.getOrDefault("best score", "")),
        Checkpoint.number(file, metadata, "best step"));
  }

  private static OptionalDouble score(String text) {
    return text.equals("none")
        ? OptionalDouble.empty()
        : OptionalDouble.of(Double.parseDouble(text));
  }
}
