package dev.kumiko.tools.fuzz;

import dev.kumiko.Embedder;
import dev.kumiko.TextClassifier;
import dev.kumiko.UnusableModelException;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Model files for targets: a folder to write into, models to begin with, and their use. */
public final class Loading {
  /** Where Linux keeps files in memory: what is written there waits for no disk. */
  private static final Path MEMORY = Path.of("/dev/shm");

  static final String TEXT = "The purlin carries 12 rafters, [MASK] 木 é ##s!";

  /** Folders of the test resources with models of 16 KB. */
  static final List<String> FOLDERS =
      List.of(
          "cross-encoders/bert-reranker",
          "cross-encoders/distilbert-classifier",
          "cross-encoders/modernbert-reranker",
          "cross-encoders/mpnet-reranker",
          "cross-encoders/roberta-reranker",
          "cross-encoders/xlmr-classifier",
          "sentence-modules/head",
          "sentence-modules/all-poolings",
          "sentence-modules/prompts",
          "tiny-bert");

  private Loading() {}

  /** Makes a folder for one target, which the JVM's end removes. */
  public static Path folder() throws IOException {
    Path folder =
        Files.isDirectory(MEMORY) && Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "kumiko-fuzz-")
            : Files.createTempDirectory("kumiko-fuzz-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    return folder;
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Converts a folder of the test resources. */
  static Path converted(String name, Path folder) throws IOException {
    Path source = TestModels.copy(name, folder.resolve(name));
    Path target = folder.resolve("converted.safetensors");
    Converter.convert(source, target, options(name), line -> {});
    return target;
  }

  /** Returns what a folder of the test resources does not state itself. */
  static ConversionOptions options(String name) {
    return name.equals("tiny-bert") ? TestModels.STATED : ConversionOptions.NONE;
  }

  /** Loads a model of whichever kind and gives it a text. */
  static void use(Path model) throws IOException {
    try {
      load(model);
    } catch (UnusableModelException e) {
      // Weights that are numbers, but too large ones, show with the first text.
    }
  }

  private static void load(Path model) throws IOException {
    boolean scores;
    try (ModelFile file = ModelFile.open(model)) {
      scores = ModelDescription.of(file).classifier().isPresent();
    }
    if (scores) {
      try (TextClassifier classifier = TextClassifier.builder().threads(1).load(model)) {
        classifier.classify(TEXT, TEXT);
      }
    } else {
      try (Embedder embedder = Embedder.builder().threads(1).load(model)) {
        embedder.embed(TEXT);
      }
    }
  }
}
