package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.table.TokenTable;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest {
  /** Everything that converts; {@code lealla-original} is below. */
  static final List<String> SOURCES =
      List.of(
          "fixtures/bert-mean",
          "fixtures/bert-cls-gelu-tanh",
          "fixtures/bert-max-relu-unnormalised",
          "fixtures/bert-sqrtlen-odd",
          "fixtures/labse",
          "fixtures/lealla-hf",
          "fixtures/distilbert",
          "fixtures/roberta",
          "fixtures/xlmr-unigram",
          "fixtures/mpnet",
          "fixtures/modernbert",
          "fixtures/llama-lasttoken",
          "fixtures/llama-layers",
          "fixtures/mistral-lasttoken",
          "fixtures/qwen2-mean",
          "fixtures/qwen2-bidirectional",
          "fixtures/qwen3-lasttoken",
          "fixtures/qwen3-weightedmean",
          "fixtures/gemma2",
          "fixtures/gemma3-bidirectional",
          "fixtures/phi3",
          "fixtures/eurobert",
          "fixtures/nomic-bert",
          "fixtures/gte",
          "sentence-modules/all-poolings",
          "sentence-modules/head",
          "sentence-modules/lower-case",
          "sentence-modules/prompts",
          "cross-encoders/bert-reranker",
          "cross-encoders/distilbert-classifier",
          "cross-encoders/modernbert-reranker",
          "cross-encoders/mpnet-reranker",
          "cross-encoders/roberta-reranker",
          "cross-encoders/xlmr-classifier");

  @TempDir private Path folder;

  private Path model(String source, String... options) {
    Path target = folder.resolve("first.safetensors");
    String[] command =
        Stream.concat(
                Stream.of("convert", TestModels.resource(source).toString(), target.toString()),
                Stream.of(options))
            .toArray(String[]::new);
    done(command);
    return target;
  }

  private static Outcome done(String... command) {
    Outcome outcome = Outcome.of(command);
    assertEquals(0, outcome.code, outcome.err);
    return outcome;
  }

  private static Outcome export(Path model, Path target, String... options) {
    return Outcome.of(
        Stream.concat(Stream.of("export", model.toString(), target.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private Path again(Path exported) {
    Path second = folder.resolve("second.safetensors");
    done("convert", exported.toString(), second.toString());
    return second;
  }

  /** The folder has the name of the model, which is part of the file. */
  @ParameterizedTest
  @FieldSource("SOURCES")
  void whatIsConvertedAgainHasTheSameBytes(String source) throws IOException {
    String[] variant =
        source.endsWith("lealla-hf") ? new String[] {"--variant", "lealla"} : new String[0];
    Path first = model(source, variant);
    Path target = folder.resolve(Path.of(source).getFileName().toString());
    assertEquals(0, export(first, target).code);
    assertEquals(-1, Files.mismatch(first, again(target)), source);
  }

  @Test
  void aTokenizerWithoutANameIsRefused() throws IOException {
    Path first = model("fixtures/lealla-original", "--variant", "lealla-original");
    export(first, folder.resolve("out"))
        .failed(
            1,
            "lealla-original has a tokenizer that drops control characters, splits by script,"
                + " splits words of Han, emoji and punctuation into characters, measures words in"
                + " bytes, for which tokenizer.json has no name: it cannot be exported.");
    assertEquals(Set.of("first.safetensors"), files());
  }

  @Test
  void anActivationWithoutANameIsRefused() throws IOException {
    Path original = folder.resolve("original.safetensors");
    Files.move(model("fixtures/lealla-original", "--variant", "lealla-original"), original);
    Path port = folder.resolve("port.safetensors");
    Files.move(model("fixtures/lealla-original", "--variant", "lealla"), port);
    Path first = folder.resolve("first.safetensors");
    TestModels.withTokenizerOf(port, original, first);
    export(first, folder.resolve("out"))
        .failed(
            1,
            "lealla-original has a linear map with the activation GELU_TANH behind its pooling,"
                + " for which sentence-transformers has no name: it cannot be exported.");
    assertEquals(Set.of("first.safetensors", "original.safetensors", "port.safetensors"), files());
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"context", "cartesian"})
  void aComposedTableIsExportedDense(String assignment) throws IOException {
    Path first = model("fixtures/bert-mean");
    Path composed = folder.resolve("composed.safetensors");
    done(
        "compress",
        first.toString(),
        composed.toString(),
        "--parts",
        "2",
        "--codes",
        "64",
        "--assignment",
        assignment,
        "--own-rows");
    Path target = folder.resolve("bert-mean");
    Outcome outcome = export(composed, target);
    assertTrue(outcome.err.contains("it is exported dense"), outcome.err);
    try (ModelFile before = ModelFile.open(composed);
        ModelFile after = ModelFile.open(again(target))) {
      ModelDescription description = ModelDescription.of(before);
      assertEquals(description, ModelDescription.of(after));
      int rows = description.architecture().vocabularySize();
      int size = description.architecture().hiddenSize();
      float[] dense = after.tensor(TensorNames.TOKEN_EMBEDDINGS).toFloats();
      try (TokenTable table = TokenTable.open(before, rows, size)) {
        float[] expected = new float[rows * size];
        for (int id = 0; id < rows; id++) {
          table.copy(id, expected, id * size);
        }
        assertArrayEquals(expected, dense);
      }
      for (String name : TensorNames.required(description).keySet()) {
        if (!name.equals(TensorNames.TOKEN_EMBEDDINGS)) {
          assertArrayEquals(bytes(before.tensor(name)), bytes(after.tensor(name)), name);
        }
      }
    }
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void aQuantisedModelIsRefused() throws IOException {
    Path first = model("fixtures/bert-mean");
    Path quantised = folder.resolve("int8.safetensors");
    done("quantize", first.toString(), quantised.toString());
    export(quantised, folder.resolve("out"))
        .failed(
            1,
            quantised
                + " is quantised: embeddings.token.weight is I8. Export the model it was made"
                + " from.");
  }

  @Test
  void aFolderIsReplacedIfAskedAndAnExport() throws IOException {
    Path first = model("fixtures/labse");
    Path target = folder.resolve("out");
    assertEquals(0, export(first, target).code);
    export(first, target)
        .failed(1, target + ": not written: it is not empty; name another folder or use --force");
    Path other = model("cross-encoders/bert-reranker");
    assertEquals(0, export(other, target, "--force").code);
    // Of the export before, nothing is left.
    assertTrue(Files.notExists(target.resolve("modules.json")));
    Files.writeString(target.resolve("notes.txt"), "mine");
    export(first, target, "--force")
        .failed(
            1,
            target
                + ": not written: it holds notes.txt, which no export writes; name another folder");
    assertEquals(Set.of("first.safetensors", "out"), files());
    export(first, first).failed(1, first + ": not written: it exists and is no directory");
  }
}
