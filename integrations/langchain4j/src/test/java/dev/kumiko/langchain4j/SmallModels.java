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
    Path target = folder.resolve(source.getFileName());
    List<Path> all;
    try (Stream<Path> walk = Files.walk(source)) {
      all = walk.toList();
    }
    for (Path each : all) {
      Files.copy(each, target.resolve(source.relativize(each)));
    }
    return target;
  }
}
