package dev.kumiko.tools;

import dev.kumiko.Embedder;
import dev.kumiko.EmbedderBuilder;
import dev.kumiko.LongText;
import dev.kumiko.tools.vectors.VectorType;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How texts become vectors. */
final class EmbedderOptions {
  @Mixin private TokenOptions tokens;

  @Option(
      names = "--long-text",
      paramLabel = "WHAT",
      description = "What to do with a text that is too long: cut (the default), refuse, average.")
  private LongText longText = LongText.CUT;

  @Option(
      names = "--truncate-dim",
      paramLabel = "N",
      description = "Keep the first N components (Matryoshka) and normalise again.")
  private Integer truncateDim;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Number of threads; the default is the number of processors.")
  private Integer threads;

  @Mixin private PrecisionOption precision;

  /** Loads the model with these options, and says so if its vectors mean nothing. */
  Embedder load(Streams streams) throws IOException {
    EmbedderBuilder builder =
        Embedder.builder().longText(longText).precision(precision.precision());
    if (truncateDim != null) {
      builder.truncateDim(truncateDim);
    }
    builder.threads(threads());
    Embedder embedder = tokens.load(builder);
    RandomWeights.mention(embedder.model(), streams);
    return embedder;
  }

  /** Returns how precise the vectors are that a command writes. */
  VectorType vectorType() {
    return precision.vectorType();
  }

  /** Returns the number of threads. */
  int threads() {
    if (threads != null && threads < 1) {
      throw new UsageException("--threads must be at least 1, not " + threads);
    }
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** Returns whether the command line says which prompt to use, or none. */
  boolean hasPrompt() {
    return tokens.hasPrompt();
  }

  /** Returns SHA-256 of the model file. */
  String modelHash() throws IOException {
    return tokens.modelHash();
  }

  /** Returns what vectors depend on beside the model and the text. */
  String settings() {
    return "%s, long text %s, %s, precision %s"
        .formatted(
            tokens.settings(),
            Choice.name(longText),
            truncateDim == null ? "all dimensions" : truncateDim + " dimensions",
            Choice.name(precision.precision()));
  }
}
