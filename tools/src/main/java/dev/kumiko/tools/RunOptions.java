package dev.kumiko.tools;

import dev.kumiko.train.TrainerBuilder;
import dev.kumiko.train.TrainingSettings;
import dev.kumiko.train.evaluate.Evaluator;
import dev.kumiko.train.optimize.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How a training goes. */
final class RunOptions {
  /** A customary learning rate for a whole encoder that is trained already. */
  static final double FINE = 2e-5;

  /** Evaluates an embedding model. */
  static final EvaluatorSource PAIRS = file -> StsPairs.read(file).evaluator();

  private static final Pattern LAYERS = Pattern.compile("^layers\\.");

  /** Makes an evaluator of a file. */
  @FunctionalInterface
  interface EvaluatorSource {
    /** Reads it. */
    Evaluator of(Path file) throws IOException;
  }

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How often all data is seen; default 1, may be a fraction.")
  private Double epochs;

  @Option(names = "--steps", paramLabel = "N", description = "Number of steps, instead of epochs.")
  private Long steps;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "16",
      description = "Lines of a batch; default 16.")
  private int batchSize;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      defaultValue = "1",
      description = "Batches of a step, whose gradients' mean is taken; default 1.")
  private int accumulation;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "The rate after the warm-up; default 2e-5, 2e-3 for a table alone.")
  private Double learningRate;

  @Option(
      names = "--table-rate",
      paramLabel = "RATE",
      description = "Another rate for the tables of token, position and type vectors; 0 for none.")
  private Double tableRate;

  @Option(
      names = "--warmup",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description =
          "Share of the steps in which the rate rises, or a number of steps; default 0.1.")
  private double warmup;

  @Option(
      names = "--schedule",
      paramLabel = "SHAPE",
      defaultValue = "linear",
      description = "How the rate goes after the warm-up: linear, cosine or constant.")
  private Schedule.Shape shape;

  @Option(
      names = "--weight-decay",
      paramLabel = "SHARE",
      defaultValue = "0.01",
      description = "AdamW's weight decay, not for biases and norms; default 0.01.")
  private double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "LENGTH",
      defaultValue = "1",
      description = "How long the gradient may be; default 1, 0 for any length.")
  private double clip;

  @Option(
      names = "--freeze-layers",
      paramLabel = "N",
      defaultValue = "0",
      description = "The embeddings and the first N layers stay as they are.")
  private int frozenLayers;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the order of the data and all that begins at random; default 42.")
  private Long seed;

  @Option(
      names = "--eval",
      paramLabel = "FILE",
      description =
          "What decides which model is the best: scored pairs, CSV without a header; for classifiers and rerankers a file like --data.")
  private Path evaluation;

  @Option(
      names = "--eval-every",
      paramLabel = "STEPS",
      defaultValue = "0",
      description = "Evaluate every so many steps and keep the best model; default: at the end.")
  private long evaluateEvery;

  @Option(
      names = "--save-every",
      paramLabel = "STEPS",
      defaultValue = "100",
      description = "Steps between two checkpoints; default 100.")
  private long saveEvery;

  @Option(names = "--resume", description = "Go on where an interrupted run ended.")
  private boolean resumes;

  @Option(names = "--threads", paramLabel = "N", description = "Default: one for each processor.")
  private Integer threads;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Cut texts to so many tokens; default: the model's limit.")
  private Integer maxTokens;

  @Option(
      names = "--lora-rank",
      paramLabel = "N",
      description = "Learn changes of the layers' matrices of this rank (LoRA), and nothing else.")
  private Integer loraRank;

  @Option(
      names = "--lora-alpha",
      paramLabel = "NUMBER",
      description = "Changes are multiplied by this by the rank; default twice the rank.")
  private Double loraAlpha;

  @Option(
      names = "--texts-per-pass",
      paramLabel = "N",
      defaultValue = "0",
      description = "Batches of any size in the memory of N texts (GradCache); default: whole.")
  private int textsPerPass;

  @Option(
      names = "--recompute",
      description = "Take less memory and a third more time: compute layers again on the way back.")
  private boolean recomputes;

  int batchSize() {
    return batchSize;
  }

  long seed() {
    return seed(42);
  }

  /** Returns the seed, or another one if none was asked for. */
  long seed(long otherwise) {
    return seed == null ? otherwise : seed;
  }

  boolean resumes() {
    return resumes;
  }

  int threads() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /**
   * Sets what was asked for.
   *
   * @param rate the learning rate if none was asked for
   * @param evaluators reads what to evaluate on, if that was asked for
   * @throws IOException if what to evaluate on cannot be read
   */
  void applyTo(TrainerBuilder builder, double rate, EvaluatorSource evaluators) throws IOException {
    if (steps != null && epochs != null) {
      throw new UsageException("--steps and --epochs: either, not both");
    }
    if (steps != null && steps < 1) {
      throw new UsageException("--steps is %d, expected 1 or more".formatted(steps));
    }
    if (threads != null && threads < 1) {
      throw new UsageException("--threads is %d, expected 1 or more".formatted(threads));
    }
    try {
      builder.settings(settings(rate)).textsPerPass(textsPerPass).recompute(recomputes);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
    builder.resume(resumes);
    if (evaluation != null) {
      builder.evaluator(evaluators.of(evaluation));
    } else if (evaluateEvery > 0) {
      throw new UsageException("--eval-every needs --eval, which says on what");
    }
    if (threads != null) {
      builder.threads(threads);
    }
    if (maxTokens != null) {
      builder.maxTokens(maxTokens);
    }
    if (loraRank != null) {
      builder.lora(loraRank, loraAlpha == null ? 2.0 * loraRank : loraAlpha, LAYERS);
    }
  }

  private TrainingSettings settings(double rate) {
    return new TrainingSettings(
        steps == null ? 0 : steps,
        epochs == null ? 1 : epochs,
        accumulation,
        learningRate == null ? rate : learningRate,
        tableRate == null ? OptionalDouble.empty() : OptionalDouble.of(tableRate),
        warmup,
        shape,
        weightDecay,
        clip,
        frozenLayers,
        seed(),
        evaluateEvery,
        saveEvery);
  }
}
