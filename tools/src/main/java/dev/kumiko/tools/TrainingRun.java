package dev.kumiko.tools;

import dev.kumiko.train.Trainer;
import dev.kumiko.train.TrainerBuilder;
import dev.kumiko.train.TrainingListener;
import dev.kumiko.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** A training as the commands do it: shown, stopped by signals, and said how it ended. */
final class TrainingRun {
  private TrainingRun() {}

  /**
   * Trains until all is done or a signal asks to stop.
   *
   * @return the exit code
   */
  static int of(TrainerBuilder builder, Path model, Path target, Streams streams)
      throws IOException {
    TrainingResult result;
    try (TrainProgress progress = new TrainProgress(streams);
        RunChart chart = new RunChart(target, streams)) {
      Trainer trainer = builder.listener(TrainingListener.both(progress, chart)).build();
      try (Interruption waiting = new Interruption(trainer::stop)) {
        waiting.arm();
        result = trainer.train(model, target);
        if (!result.complete()) {
          chart.draw();
          progress.erase();
          streams.say(
              "stopped after step %,d of %,d and saved; the same command with --resume goes on"
                  .formatted(result.step(), result.steps()));
          return 1;
        }
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
