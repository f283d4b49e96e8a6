package dev.kumiko.tools;

import dev.kumiko.train.Trainer;
import dev.kumiko.train.TrainerBuilder;
import dev.kumiko.train.TrainingResult;
import dev.kumiko.train.data.BatchOptions;
import dev.kumiko.train.data.DataFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
      "      --learning-rate 5e-5 --eval dev.csv"
    })
final class TrainCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A Kumiko model file in fp32.")
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
    ModelPath.requireReplaceable(target);
    ModelPath.check(model);
    TrainerBuilder builder = Trainer.builder().loss(loss.loss());
    run.applyTo(builder);
    boolean labelled = !loss.kind().isInBatch();
    List<DataFile> files = data.open(labelled, streams);
    try (TrainProgress progress = new TrainProgress(streams)) {
      files.forEach(builder::data);
      builder.batches(batches()).listener(progress);
      return train(builder.build(), model, target, streams);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(e.getMessage());
    } finally {
      for (DataFile file : files) {
        file.close();
      }
    }
  }

  private BatchOptions batches() {
    BatchOptions options = BatchOptions.of(run.batchSize(), run.seed()).mixed(data.mixing());
    // A text is no negative of itself.
    return loss.kind().isInBatch() ? options.withoutDuplicates() : options;
  }

  /** Trains until all is done or a signal asks to stop, and says how it ended. */
  static int train(Trainer trainer, Path model, Path target, Streams streams) throws IOException {
    TrainingResult result;
    try (Interruption waiting = new Interruption(trainer::stop)) {
      waiting.arm();
      result = trainer.train(model, target);
      if (!result.complete()) {
        streams.say(
            "stopped after step %,d of %,d and saved; the same command with --resume goes on"
                .formatted(result.step(), result.steps()));
        return 1;
      }
    }
    StringBuilder said = new StringBuilder("wrote %s".formatted(target));
    if (result.score().isPresent()) {
      said.append(
          String.format(
              Locale.ROOT,
              ": %.2f after step %,d, before the training %.2f",
              result.score().getAsDouble(),
              result.scoreStep(),
              result.firstScore().orElse(Double.NaN)));
    }
    streams.say(said.toString());
    return 0;
  }
}
