package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxConversionTest {
  @TempDir private Path folder;
  private final List<String> log = new ArrayList<>();

  private Path convert(Path source, ConversionOptions options) throws IOException {
    Path target = folder.resolve(source.getFileName() + ".safetensors");
    Converter.convert(source, target, options, log::add);
    return target;
  }

  @ParameterizedTest
  @CsvSource({
    "tiny-bert.onnx, GELU",
    "gelu-tanh-opset14.onnx, GELU_TANH",
    "relu-opset20.onnx, RELU"
  })
  void findsTheSameModelAsInTheFolder(String name, Activation activation) throws IOException {
    Path source = TestModels.resource("tiny-bert");
    try (ModelFile expected = ModelFile.open(convert(source, TestModels.STATED));
        ModelFile actual = ModelFile.open(convert(source.resolve(name), TestModels.STATED))) {
      assertEquals(
          new Architecture("bert", 2, 12, 3, 20, activation, 1e-12, 24, 16, 2),
          ModelDescription.of(actual).architecture());
      assertEquals(
          ModelDescription.of(expected).tokenizer(), ModelDescription.of(actual).tokenizer());
      assertSameTensors(expected, actual);
    }
  }

  private static void assertSameTensors(ModelFile expected, ModelFile actual) throws IOException {
    assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
    for (Tensor tensor : expected.tensors().values()) {
      Tensor other = actual.tensor(tensor.name());
      assertEquals(tensor.shape(), other.shape(), tensor.name());
      if (tensor.type().isFloating()) {
        assertArrayEquals(tensor.toFloats(), other.toFloats(), 0f, tensor.name());
      }
    }
  }

  @Test
  void namesWhatItLeavesOut() throws IOException {
    convert(TestModels.resource("tiny-bert/tiny-bert.onnx"), TestModels.STATED);
    assertEquals(List.of("Not needed by the encoder: pooler.dense.weight, pooler.dense.bias"), log);
    log.clear();
    Path model = TestModels.copy("tiny-bert", folder.resolve("more")).resolve("tiny-bert.onnx");
    Files.write(model, OnnxEdits.addInitializer(Files.readAllBytes(model), "adapter.weight", 3));
    convert(model, TestModels.STATED);
    assertTrue(log.get(0).endsWith(", adapter.weight"), log.get(0));
  }

  @Test
  void takesAJarAndKnowsItsModelByName() throws IOException {
    Path jar = folder.resolve("models.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      put(zip, "some/Class.class", "tokenizer.json");
      put(zip, "e5-small-v2.onnx", "tiny-bert.onnx");
      put(zip, "e5-small-v2-tokenizer.json", "tokenizer.json");
    }
    // Known as a model with 512 tokens; this one has 16.
    ConversionOptions options =
        new ConversionOptions(
            ConversionOptions.NONE.name(),
            ConversionOptions.NONE.pooling(),
            ConversionOptions.NONE.normalize(),
            TestModels.STATED.maxTokens(),
            Optional.empty());
    try (ModelFile file = ModelFile.open(convert(jar, options));
        ModelFile expected =
            ModelFile.open(
                convert(TestModels.resource("tiny-bert/tiny-bert.onnx"), TestModels.STATED))) {
      ModelDescription description = ModelDescription.of(file);
      assertEquals("e5-small-v2", description.name());
      assertEquals("e5-small-v2.onnx in models.jar", description.source());
      assertEquals(new Head(Pooling.MEAN, true), description.head());
      assertEquals(Map.of("query", "query: ", "passage", "passage: "), description.prompts());
      assertSameTensors(expected, file);
    }
  }

  private static void put(ZipOutputStream zip, String entry, String resource) throws IOException {
    zip.putNextEntry(new ZipEntry(entry));
    Files.copy(TestModels.resource("tiny-bert/" + resource), zip);
  }

  @Test
  void readsNumbersInTheirTypedFields() throws IOException {
    Path source = TestModels.resource("tiny-bert/tiny-bert.onnx");
    Path typed = TestModels.copy("tiny-bert", folder.resolve("typed")).resolve("tiny-bert.onnx");
    String name = "embeddings.word_embeddings.weight";
    byte[] changed =
        OnnxEdits.initializer(
            Files.readAllBytes(source),
            name,
            tensor ->
                OnnxEdits.with(tensor, 4, tensor.getField(OnnxEdits.TENSOR_RAW)).toBuilder()
                    .clearField(OnnxEdits.TENSOR_RAW)
                    .build());
    Files.write(typed, changed);
    try (ModelFile expected = ModelFile.open(convert(source, TestModels.STATED))) {
      Path target = folder.resolve("typed.safetensors");
      Converter.convert(typed, target, TestModels.STATED, log::add);
      try (ModelFile actual = ModelFile.open(target)) {
        assertSameTensors(expected, actual);
      }
    }
  }
}
