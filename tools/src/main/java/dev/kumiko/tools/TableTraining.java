package dev.kumiko.tools;

import dev.kumiko.train.Trainer;
import dev.kumiko.train.TrainerBuilder;
import dev.kumiko.train.data.BatchOptions;
import dev.kumiko.train.run.RunFolder;
import dev.kumiko.train.step.HiddenObjective;
import dev.kumiko.train.step.HiddenObjective.Part;
import dev.kumiko.train.step.TeacherModel;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** Trains a composed token table against the model that it was composed for. */
final class TableTraining {
  private static final double RATE = 2e-3;

  /** What goes without a training, too. */
  private static final Set<String> ALWAYS = Set.of("--seed", "--threads");

  @Option(
      names = "--train",
      paramLabel = "FILE",
      description =
          "Train the sub-vectors on these texts: plain text, one a line, or CSV, TSV, JSON lines; may be given several times.")
  private List<Path> files = List.of();

  @Option(
      names = "--columns",
      paramLabel = "COLUMN",
      split = ",",
      description = "With --train: the texts of a line, names or positions; default the first one.")
  private List<String> columns = List.of();

  @Option(
      names = "--token-level",
      paramLabel = "N",
      defaultValue = "2",
      description = "With --train: token vectors after N layers are compared; default 2.")
  private int level;

  /** Makes the model with a composed table. */
  @FunctionalInterface
  interface Composer {
    /** Writes it. */
    int write(Path target) throws IOException;
  }

  boolean asked() {
    return !files.isEmpty();
  }

  /** Checks what was asked for, before any work. */
  void check(ParseResult parsed, boolean int8) {
    if (asked() && int8) {
      throw new UsageException(
          "--int8 does not go with --train, which needs fp32; run kumiko quantize on the result");
    }
    for (OptionSpec option : asked() ? List.<OptionSpec>of() : parsed.matchedOptions()) {
      boolean training =
          option.userObject() instanceof Field field
              && (field.getDeclaringClass() == RunOptions.class
                  || field.getDeclaringClass() == TableTraining.class);
      if (training && !ALWAYS.contains(option.longestName())) {
        throw new UsageException(option.longestName() + " goes with --train");
      }
    }
  }

  /** Composes and trains; the same options give the same bytes. */
  int run(Path source, Path target, RunOptions run, Composer composer, Streams streams)
      throws IOException {
    TrainerBuilder builder = Trainer.builder();
    run.applyTo(builder, RATE, RunOptions.PAIRS);
    try (DataFiles data =
            DataFiles.open(files, file -> DataOptions.texts(file, columns, 1), false, streams);
        TeacherModel teacher = TeacherModel.open(source, run.threads(), false)) {
      RunFolder folder = RunFolder.beside(target);
      folder.create();
      composer.write(folder.student());
      data.applyTo(builder);
      builder
          .objective(
              (model, tokenizer, tokens, passes) ->
                  new HiddenObjective(model, teacher, tokenizer, tokens, level, Part.TOKEN_TABLE))
          .batches(BatchOptions.of(run.batchSize(), run.seed()));
      int code = TrainingRun.of(builder, folder.student(), target, streams);
      Files.deleteIfExists(folder.student());
      return code;
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(e.getMessage());
    }
  }
}
