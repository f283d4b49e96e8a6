package dev.kumiko.spring.boot;

import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import java.io.IOException;
import java.nio.file.Path;

/** Small models with random weights, made of the tools' checkpoints. */
final class SmallModels {
  private SmallModels() {}

  /** Writes a model whose prompts are {@code document} (the default one) and {@code query}. */
  static Path withPrompts(Path folder) throws IOException {
    return convert("sentence-modules/prompts", folder.resolve("prompts.safetensors"));
  }

  static Path reranker(Path folder) throws IOException {
    return convert("cross-encoders/bert-reranker", folder.resolve("reranker.safetensors"));
  }

  private static Path convert(String name, Path target) throws IOException {
    Path source = Path.of(System.getProperty("kumiko.checkpoints"), name.split("/"));
    Converter.convert(source, target, ConversionOptions.NONE, line -> {});
    return target;
  }
}
