package dev.kumiko.train;

import dev.kumiko.train.optimize.Schedule;
import java.util.OptionalDouble;

/**
 * How a run goes, apart from what is learnt from what. The defaults are those of transformers but
 * for the epochs, the batch size and the warm-up, which are the recipes' for sentence encoders.
 *
 * @param steps number of steps, 0 to follow from the epochs
 * @param epochs how often all data is seen
 * @param accumulation batches of a step; their gradients' mean is what is learnt from
 * @param learningRate the rate after the warm-up
 * @param tableRate another one for tables of token, position and type vectors; 0 freezes them
 * @param warmup a share of the steps if below 1, otherwise a number of steps
 * @param shape how the rate goes after the warm-up
 * @param weightDecay the share of a weight that decays at a rate of 1
 * @param largestNorm how long the gradient may be before it is clipped, 0 for any length
 * @param frozenLayers so many layers from the first on, and the embeddings, stay as they are
 * @param seed of the order of the data and of whatever begins at random
 * @param evaluateEvery steps between two evaluations, 0 for one at the end
 * @param saveEvery steps between two checkpoints, 0 for none but when the run is stopped
 */
public record TrainingSettings(
    long steps,
    double epochs,
    int accumulation,
    double learningRate,
    OptionalDouble tableRate,
    double warmup,
    Schedule.Shape shape,
    double weightDecay,
    double largestNorm,
    int frozenLayers,
    long seed,
    long evaluateEvery,
    long saveEvery) {
  /** One epoch, 2e-5 after a warm-up of a tenth, then down to 0; gradients are clipped to 1. */
  public static final TrainingSettings DEFAULT =
      new TrainingSettings(
          0, 1, 1, 2e-5, OptionalDouble.empty(), 0.1, Schedule.Shape.LINEAR, 0, 1, 0, 42, 0, 100);

  /** Checks what does not depend on a model or on data. */
  public TrainingSettings {
    require(steps >= 0, "steps", steps, "1 or more, or 0 for whole epochs");
    require(epochs > 0 && Double.isFinite(epochs), "epochs", epochs, "above 0");
    require(accumulation > 0, "accumulation", accumulation, "1 or more");
    require(frozenLayers >= 0, "frozen layers", frozenLayers, "0 or more");
    require(evaluateEvery >= 0, "steps between evaluations", evaluateEvery, "0 or more");
    require(saveEvery >= 0, "steps between checkpoints", saveEvery, "0 or more");
  }

  private static void require(boolean valid, String what, Object value, String expected) {
    if (!valid) {
      throw new IllegalArgumentException(
          "The number of %s is %s, expected %s".formatted(what, value, expected));
    }
  }
}
