package dev.kumiko.tools;

import dev.kumiko.train.Trainer;
import dev.kumiko.train.TrainerBuilder;
import dev.kumiko.train.data.BatchOptions;
import dev.kumiko.train.loss.Loss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Trains a model on pairs, triplets, scores or classes. */
@Command(
    name = "train",
    description = "Train a Kumiko model on your own data.",
    footer = {
      "",
      "Beside TARGET lies TARGET-training with the log, and a checkpoint until the training is",
      "complete: after Ctrl-C or a crash the same command with --resume goes on.",
      "",
      "Examples:",
      "  kumiko train minilm.safetensors mine.safetensors --data pairs.csv --loss mnr",
      "  kumiko train minilm.safetensors mine.safetensors --data scored.csv --loss cosent \\",
      "      --learning-rate 5e-5 --eval dev.csv",
      "  kumiko train reranker.safetensors mine.safetensors --data judged.csv \\",
      "      --loss binary-cross-entropy --eval judged-dev.csv"
    })
final class TrainCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A Kumiko model file, not an int8 one.")
  private Path model;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The model file to write.")
  private Path target;

  @Mixin private DataOptions data;
  @Mixin private LossOptions loss;
  @Mixin private RunOptions run;

  TrainCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    TrainingRun.check(target, run.resumes(), streams);
    ModelPath.check(model);
    Loss learned = loss.loss();
    TrainerBuilder builder = Trainer.builder().loss(learned);
    run.applyTo(
        builder,
        RunOptions.FINE,
        file ->
            learned.isOfScores()
                ? data.evaluator(file, loss.kind())
                : StsPairs.read(file).evaluator());
    try (DataFiles files = data.open(loss.kind().texts(), loss.kind().labels(), streams)) {
      if (loss.kind().isOfOrder()) {
        files.requireDifferentScores(learned.name());
      }
      files.applyTo(builder.batches(batches()));
      return TrainingRun.of(builder, model, target, streams);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(e.getMessage());
    }
  }

  private BatchOptions batches() {
    BatchOptions options = BatchOptions.of(run.batchSize(), run.seed()).mixed(data.mixing());
    // A text is no negative of itself.
    return loss.kind().isInBatch() ? options.withoutDuplicates() : options;
  }
}
