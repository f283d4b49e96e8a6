package dev.kumiko.train;

import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.train.data.BatchOptions;
import dev.kumiko.train.data.Batches;
import dev.kumiko.train.data.FileHash;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.run.Evaluation;
import dev.kumiko.train.run.Run;
import dev.kumiko.train.run.RunFolder;
import dev.kumiko.train.step.Objective;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Trains a model on data. Beside the target lies a folder of its name and {@code -training} with
 * the log of the run and, until it is complete, with a checkpoint that a later call continues from:
 * the result has the bytes of a run that was never interrupted. The same model, data and settings
 * give the same bytes, whatever the number of threads.
 *
 * <pre>{@code
 * try (DataFile pairs = DataFile.open(file, FileFormat.CSV, Columns.scoredPairs(scale), false)) {
 *   Trainer.builder()
 *       .loss(new CoSent())
 *       .data(pairs)
 *       .evaluator(new SimilarityEvaluator(first, second, scores))
 *       .build()
 *       .train(model, target);
 * }
 * }</pre>
 *
 * <p>A trainer trains once; {@link #stop} may be called by another thread.
 */
public final class Trainer {
  private final TrainerBuilder options;
  private volatile boolean stopped;

  Trainer(TrainerBuilder options) {
    this.options = options;
  }

  /** {@return a builder} */
  public static TrainerBuilder builder() {
    return new TrainerBuilder();
  }

  /** Asks a run to save and end after the step that it is at. */
  public void stop() {
    stopped = true;
  }

  /**
   * Trains.
   *
   * @param model a Kumiko model file that is not int8
   * @param target where the result is written: the best model if there is an evaluator, otherwise
   *     the last one; an existing file is replaced when all is done
   * @return how it ended
   * @throws TrainingException if the loss or its gradient is no finite number, or a checkpoint is
   *     of another run
   * @throws IllegalArgumentException if the data, the loss and the model do not fit together
   * @throws IOException if a file cannot be read or written
   */
  public TrainingResult train(Path model, Path target) throws IOException {
    String hash = FileHash.of(model);
    try (TrainableModel learner = TrainableModel.open(model, options.threads(), options.memory())) {
      Tokenizer tokenizer = learner.tokenizer();
      int maxTokens = options.maxTokens(learner.description());
      Objective objective = options.objective(learner, tokenizer, maxTokens);
      BatchOptions batchOptions = options.batches();
      Batches batches = new Batches(options.data(), batchOptions);
      Optional<Evaluation> evaluation =
          options.evaluator().map(e -> new Evaluation(e, tokenizer, maxTokens));
      try (Run run =
          new Run(
              learner,
              hash,
              batches,
              objective,
              options.settings(),
              options.lora(),
              evaluation,
              RunFolder.beside(target),
              options.listener())) {
        return run.run(target, options.resumes(), () -> stopped);
      }
    }
  }
}
