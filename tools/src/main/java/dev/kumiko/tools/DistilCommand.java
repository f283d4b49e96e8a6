package dev.kumiko.tools;

import dev.kumiko.train.Trainer;
import dev.kumiko.train.TrainerBuilder;
import dev.kumiko.train.data.BatchOptions;
import dev.kumiko.train.run.RunFolder;
import dev.kumiko.train.step.CachedTeacher;
import dev.kumiko.train.step.TeacherModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Trains a student on what its teacher says of texts. */
@Command(
    name = "distil",
    description = "Train a smaller model, or one of more languages, on what a teacher says.",
    footer = {
      "",
      "The data need no scores: any texts of the kind that will be embedded. Beside TARGET lies",
      "TARGET-training with the log, and a checkpoint until the training is complete.",
      "",
      "Examples:",
      "  kumiko distil minilm.safetensors half.safetensors --keep-layers 0,3,5 \\",
      "      --data texts.txt --columns 1 --batch-size 32 --learning-rate 2e-4",
      "  kumiko distil minilm.safetensors thin.safetensors --layers 12 --hidden 128 --heads 8 \\",
      "      --intermediate 512 --data pairs.csv --loss lealla --learning-rate 1e-3",
      "  kumiko distil minilm.safetensors many.safetensors --student minilm.safetensors \\",
      "      --parallel --data translations.tsv"
    })
final class DistilCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(
      index = "0",
      paramLabel = "TEACHER",
      description = "A Kumiko model file, not an int8 one.")
  private Path teacher;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The model file to write.")
  private Path target;

  @Mixin private StudentOptions student;
  @Mixin private DistilOptions what;
  @Mixin private DataOptions data;
  @Mixin private RunOptions run;

  DistilCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    student.check();
    what.check();
    TrainingRun.check(target, run.resumes(), streams);
    ModelPath.check(teacher);
    TrainerBuilder builder = Trainer.builder();
    run.applyTo(builder, RunOptions.FINE, RunOptions.PAIRS);
    try (DataFiles files = data.open(2, 0, streams);
        TeacherModel model = TeacherModel.open(teacher, run.threads(), what.isParallel())) {
      RunFolder folder = RunFolder.beside(target);
      folder.create();
      student.write(teacher, folder.student(), run.seed());
      files.applyTo(builder);
      builder.batches(BatchOptions.of(run.batchSize(), run.seed()).mixed(data.mixing()));
      int code;
      try (CachedTeacher cached = what.cached(model, folder, streams)) {
        what.applyTo(builder, model, cached, run.seed());
        code = TrainingRun.of(builder, folder.student(), target, streams);
        if (code == 0 && !what.keepsVectors()) {
          cached.delete();
        }
      }
      Files.deleteIfExists(folder.student());
      return code;
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(e.getMessage());
    }
  }
}
