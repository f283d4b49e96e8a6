package dev.kumiko.tools;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.train.TrainerBuilder;
import dev.kumiko.train.loss.AdditiveMarginSoftmax;
import dev.kumiko.train.loss.EmbedDistill;
import dev.kumiko.train.loss.Lealla;
import dev.kumiko.train.loss.LogitDistill;
import dev.kumiko.train.loss.Loss;
import dev.kumiko.train.loss.Projected;
import dev.kumiko.train.random.SeededRandom;
import dev.kumiko.train.run.RunFolder;
import dev.kumiko.train.step.CachedTeacher;
import dev.kumiko.train.step.HiddenObjective;
import dev.kumiko.train.step.HiddenObjective.Part;
import dev.kumiko.train.step.TeacherModel;
import dev.kumiko.train.step.VectorObjective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What a student learns of its teacher. */
final class DistilOptions {
  private static final long PROJECTION = 2;

  /** The losses by their names. */
  enum Kind {
    MSE,
    COSINE,
    LOGIT,
    LEALLA
  }

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description = {
        "mse (the default) or cosine: the student's vectors become the teacher's; vectors of",
        "another length are compared through a linear map that is thrown away.",
        "logit, for pairs: the similarities of a batch become the teacher's.",
        "lealla, for pairs: the weighted sum of a margin, mse and logit."
      })
  private Kind kind;

  @Option(
      names = "--margin-weight",
      paramLabel = "NUMBER",
      description = "With lealla: of the additive margin softmax; default 1, 0 leaves it out.")
  private Double marginWeight;

  @Option(
      names = "--feature-weight",
      paramLabel = "NUMBER",
      description = "With lealla: of the distance of vectors; default 100.")
  private Double featureWeight;

  @Option(
      names = "--logit-weight",
      paramLabel = "NUMBER",
      description = "With lealla: of the distance of similarities; default 10.")
  private Double logitWeight;

  @Option(
      names = "--token-level",
      paramLabel = "N",
      description =
          "Token vectors after N layers become the teacher's, instead of vectors; for a student with the teacher's first layers.")
  private Integer tokenLevel;

  @Option(
      names = "--only-table",
      description = "With --token-level: only the token table learns, or what it is composed of.")
  private boolean onlyTable;

  @Option(
      names = "--parallel",
      description =
          "A line's texts are translations: all learn the teacher's vector of the first one.")
  private boolean parallel;

  @Option(
      names = "--teacher-vectors",
      paramLabel = "FOLDER",
      description =
          "Keep the teacher's vectors here, for other runs on the same data; default: beside TARGET, as long as the run is not complete.")
  private Path vectors;

  boolean isParallel() {
    return parallel;
  }

  /** Checks what was asked for, before any work. */
  void check() {
    if (kind != Kind.LEALLA
        && Stream.of(marginWeight, featureWeight, logitWeight).anyMatch(w -> w != null)) {
      throw new UsageException("weights of losses go with --loss lealla");
    }
    if (tokenLevel != null && vectors != null) {
      throw new UsageException(
          "--token-level compares tokens, whose vectors are too many: --teacher-vectors does not go with it");
    }
    if (tokenLevel != null && (kind != null || parallel)) {
      throw new UsageException(
          "--token-level compares tokens: neither --loss nor --parallel goes with it");
    }
    if (tokenLevel == null && onlyTable) {
      throw new UsageException("--only-table goes with --token-level");
    }
    if (parallel && (kind == Kind.LOGIT || kind == Kind.LEALLA)) {
      throw new UsageException(
          "--parallel has the teacher's vectors of one column, but --loss %s compares two"
              .formatted(Choice.name(kind)));
    }
  }

  /** Whether the teacher's vectors stay when the run is complete. */
  boolean keepsVectors() {
    return vectors != null;
  }

  /** Returns the teacher that computes each vector once. */
  CachedTeacher cached(TeacherModel teacher, RunFolder folder, Streams streams) throws IOException {
    Path kept = vectors == null ? folder.folder() : vectors;
    Files.createDirectories(kept);
    return new CachedTeacher(teacher, kept, streams::say);
  }

  /** Sets what is learnt. */
  void applyTo(TrainerBuilder builder, TeacherModel teacher, CachedTeacher cached, long seed) {
    builder.objective(
        (model, tokenizer, tokens, passes) ->
            tokenLevel == null
                ? new VectorObjective(
                    model,
                    tokenizer,
                    tokens,
                    loss(model.description(), teacher, seed),
                    cached,
                    passes)
                : new HiddenObjective(
                    model,
                    teacher,
                    tokenizer,
                    tokens,
                    tokenLevel,
                    onlyTable ? Part.TOKEN_TABLE : Part.ALL));
  }

  private Loss loss(ModelDescription student, TeacherModel teacher, long seed) {
    SeededRandom random = new SeededRandom(seed).stream(PROJECTION);
    return switch (kind == null ? Kind.MSE : kind) {
      case MSE -> projected(EmbedDistill.mse(), student, teacher, random);
      case COSINE -> projected(EmbedDistill.cosine(), student, teacher, random);
      case LOGIT -> LogitDistill.squared();
      case LEALLA ->
          new Lealla(or(marginWeight, 1), or(featureWeight, 100), or(logitWeight, 10))
              .loss(
                  new AdditiveMarginSoftmax(20, AdditiveMarginSoftmax.MARGIN),
                  loss -> projected(loss, student, teacher, random));
    };
  }

  private static double or(Double value, double otherwise) {
    return value == null ? otherwise : value;
  }

  private static Loss projected(
      Loss loss, ModelDescription student, TeacherModel teacher, SeededRandom random) {
    return student.dimension() == teacher.dimension()
        ? loss
        : Projected.random(loss, student.dimension(), teacher.dimension(), random);
  }
}
