package dev.kumiko.langchain4j;

import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Small models with random weights. */
final class SmallModels {
  private SmallModels() {}

  /** An embedder with a prompt for queries and one for documents. */
  static Path embedder(Path folder) throws IOException {
    Path source = copy("fixtures/bert-mean", folder);
    Files.writeString(
        source.resolve("config_sentence_transformers.json"),
        "{\"prompts\": {\"query\": \"query: \", \"document\": \"passage: \"}}");
    return convert(source, folder.resolve("embedder.safetensors"));
  }

  static Path reranker(Path folder) throws IOException {
    return convert(
        copy("cross-encoders/bert-reranker", folder), folder.resolve("reranker.safetensors"));
  }

  private static Path convert(Path source, Path target) throws IOException {
    Converter.convert(source, target, ConversionOptions.NONE, line -> {});
    return target;
  }

  private static Path copy(String name, Path folder) throws IOException {
    Path source = Path.of(System.getProperty("kumiko.fixtures")).resolve(name);
    Path target = Files.createDirectories(folder.resolve(source.getFileName()));
    List<Path> files;
    try (Stream<Path> all = Files.list(source)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.copy(file, target.resolve(file.getFileName()));
    }
    return target;
  }
}
