package dev.kumiko.tools;

import dev.kumiko.format.AtomicFile;
import dev.kumiko.format.Composition.Assignment;
import dev.kumiko.tools.compress.Compressor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replaces a model's token table by shared sub-vectors. */
@Command(
    name = "compress",
    description = "Compose a model's token table of a few shared sub-vectors, to make it small.",
    footer = {
      "",
      "A token's vector becomes a chain of F sub-vectors, one out of Q in each part; no training",
      "is needed. More parts are closer to the model; \"kumiko eval frontier\" shows how close.",
      "",
      "Examples:",
      "  kumiko compress minilm.safetensors small.safetensors --parts 48 --codes 256",
      "  kumiko compress minilm.safetensors small.safetensors --parts 48 --codes 256 \\",
      "      --int8 --corpus texts.txt",
      "  kumiko compress minilm.safetensors tiny.safetensors --parts 2 --codes 175 \\",
      "      --assignment cartesian --order",
      "  kumiko compress minilm.safetensors tiny.safetensors --parts 2 --codes 175 \\",
      "      --train texts.txt --batch-size 32 --steps 200 --eval dev.csv",
      "",
      "With --train the sub-vectors learn afterwards, and nothing else does, until the model's",
      "token vectors after its first layers are those of MODEL. TARGET-training has the log."
    })
final class CompressCommand implements Callable<Integer> {
  private final Streams streams;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A Kumiko model file.")
  private Path source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The file to write.")
  private Path target;

  @Option(
      names = "--parts",
      paramLabel = "F",
      required = true,
      description = "Number of sub-vectors that make up a token's vector.")
  private int parts;

  @Option(
      names = "--codes",
      paramLabel = "Q",
      required = true,
      description = "Number of sub-vectors to choose from in each part.")
  private int codes;

  @Option(
      names = "--assignment",
      paramLabel = "HOW",
      description =
          "context (the default): near tokens share sub-vectors, and a code for each token and"
              + " part is stored; cartesian: which tokens share is computed, nothing is stored.")
  private Assignment assignment = Assignment.CONTEXT;

  @Option(names = "--int8", description = "Store the sub-vectors and the position table as int8.")
  private boolean int8;

  @Option(
      names = "--corpus",
      paramLabel = "FILE",
      description = "Texts, one a line: tokens that are frequent there become more exact.")
  private Path corpus;

  @Option(
      names = "--order",
      description = "With cartesian: let near tokens share. Costs 4 bytes a token for their order.")
  private boolean ordered;

  @Option(
      names = "--own-rows",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = "0",
      description =
          "Let special tokens such as [CLS] keep rows of their own, and the N most frequent ones of --corpus.")
  private Integer ownRows;

  @Mixin private TableTraining training;
  @Mixin private RunOptions run;
  @Spec private CommandSpec spec;

  CompressCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    training.check(spec.commandLine().getParseResult(), int8);
    if (run.threads() < 1) {
      throw new UsageException("--threads must be at least 1, not " + run.threads());
    }
    if (ordered && assignment != Assignment.CARTESIAN) {
      throw new UsageException("--order goes with --assignment cartesian only");
    }
    if (ownRows != null && (ownRows < 0 || (ownRows > 0 && corpus == null))) {
      throw new UsageException(
          ownRows < 0
              ? "--own-rows must be 0 or more, not " + ownRows
              : "--own-rows %d needs --corpus, which says what is frequent".formatted(ownRows));
    }
    ModelPath.check(source);
    if (training.asked()) {
      TrainingRun.check(target, run.resumes(), streams);
      return training.run(source, target, run, this::compress, streams);
    }
    ModelPath.requireReplaceable(target);
    // Better now than after all the work.
    AtomicFile.replacing(target).close();
    return compress(target);
  }

  private int compress(Path composed) throws IOException {
    Optional<long[]> counts = Optional.empty();
    if (corpus != null) {
      counts = Optional.of(TokenCounts.of(source, corpus, streams));
    }
    Compressor.Options options =
        new Compressor.Options(
            parts, codes, assignment, int8, ordered, ownRows(), run.seed(0), run.threads());
    Compressor.Result result;
    try (Progress progress = new Progress(streams)) {
      result = Compressor.compress(source, composed, options, counts, progress::update);
    }
    streams.say(
        String.format(
            Locale.ROOT,
            "%s: %,d bytes instead of %,d, relative error of the token table %.4f, %,d tokens"
                + " not at their nearest codes because another token is",
            composed.equals(target) ? "wrote " + target : "composed, now to be trained",
            Files.size(composed),
            Files.size(source),
            result.relativeError(),
            result.moved()));
    return 0;
  }

  private OptionalInt ownRows() {
    return ownRows == null ? OptionalInt.empty() : OptionalInt.of(ownRows);
  }
}
