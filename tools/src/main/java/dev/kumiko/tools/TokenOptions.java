package dev.kumiko.tools;

import dev.kumiko.Embedder;
import dev.kumiko.EmbedderBuilder;
import dev.kumiko.Prompt;
import dev.kumiko.train.data.FileHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which model to use, and how texts become its tokens. */
final class TokenOptions {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "FILE",
      description = "A Kumiko model file. Without it: the default model.")
  private Path file;

  @Option(
      names = "--prompt",
      paramLabel = "NAME",
      description = "Put this prompt of the model, such as query, before every text.")
  private String prompt;

  @Option(names = "--no-prompt", description = "Leave out the model's default prompt.")
  private boolean noPrompt;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "The longest text in tokens; the model's own limit is the default.")
  private Integer maxTokens;

  /** Loads the model with these options and what the builder has already. */
  Embedder load(EmbedderBuilder builder) throws IOException {
    if (prompt != null && noPrompt) {
      throw new UsageException("--prompt and --no-prompt exclude each other");
    }
    if (noPrompt) {
      builder.prompt(Prompt.NONE);
    }
    if (prompt != null) {
      builder.prompt(prompt);
    }
    if (maxTokens != null) {
      builder.maxTokens(maxTokens);
    }
    try {
      return file == null ? builder.loadDefault() : builder.load(ModelPath.check(file));
    } catch (IllegalArgumentException e) {
      throw UsageException.of(e);
    }
  }

  /** Returns whether the command line says which prompt to use, or none. */
  boolean hasPrompt() {
    return prompt != null || noPrompt;
  }

  String settings() {
    String which = prompt == null ? noPrompt ? "no prompt" : "default prompt" : "prompt " + prompt;
    return which + ", " + (maxTokens == null ? "all tokens" : maxTokens + " tokens");
  }

  /** Returns SHA-256 of the model file. */
  String modelHash() throws IOException {
    if (file != null) {
      return FileHash.of(ModelPath.check(file));
    }
    try (InputStream in = DefaultModelStream.open()) {
      return FileHash.of(in);
    }
  }
}
