package dev.kumiko.tools;

import dev.kumiko.format.AtomicFile;
import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.train.Trainer;
import dev.kumiko.train.TrainerBuilder;
import dev.kumiko.train.TrainingListener;
import dev.kumiko.train.TrainingResult;
import dev.kumiko.train.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** A training as the commands do it: shown, stopped by signals, and said how it ended. */
final class TrainingRun {
  private TrainingRun() {}

  /**
   * Says before any work what would only turn out after it, and keeps what an interrupted run has
   * saved from being written over.
   *
   * @param resumes whether to go on where that one ended
   */
  static void check(Path target, boolean resumes, Streams streams) throws IOException {
    ModelPath.requireReplaceable(target);
    AtomicFile.replacing(target).close();
    Path checkpoint = RunFolder.beside(target).checkpoint();
    boolean interrupted = Files.exists(checkpoint);
    if (interrupted && !resumes) {
      throw new CommandFailedException(
          checkpoint
              + ": is what an interrupted run has saved; --resume goes on from it, or delete it to"
              + " begin again");
    }
    if (resumes && !interrupted) {
      streams.say("there is no %s to go on from: the run begins".formatted(checkpoint));
    }
  }

  /**
   * Trains until all is done or a signal asks to stop.
   *
   * @return the exit code
   */
  static int of(TrainerBuilder builder, Path model, Path target, Streams streams)
      throws IOException {
    sayIfWidened(model, streams);
    TrainingResult result;
    Optional<Path> picture;
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
      chart.draw();
      picture = chart.page();
    }
    String shown = picture.map("; %s shows how it went"::formatted).orElse("");
    streams.say("wrote %s%s%s".formatted(target, summary(result), shown));
    return 0;
  }

  private static void sayIfWidened(Path model, Streams streams) throws IOException {
    try (ModelFile file = ModelFile.open(model)) {
      boolean half =
          file.tensors().values().stream()
              .anyMatch(tensor -> tensor.type() == DType.BF16 || tensor.type() == DType.F16);
      if (half) {
        streams.say(model + " has weights of 16 bits; they learn as F32, and are written so");
      }
    }
  }

  private static String summary(TrainingResult result) {
    if (result.score().isEmpty()) {
      return " after %,d steps".formatted(result.steps());
    }
    return String.format(
        Locale.ROOT,
        ": %.2f after step %,d, before the training %.2f",
        result.score().getAsDouble(),
        result.scoreStep(),
        result.firstScore().orElse(Double.NaN));
  }
}
