package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.Embedder;
import dev.kumiko.format.Json;
import dev.kumiko.format.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports as users have them give the vectors that ONNX Runtime gave. */
class OnnxVectorsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"default-exporter", "without-token-types", "distilbert"})
  void areThoseOfOnnxRuntime(String name) throws IOException {
    Path source = TestModels.copy("onnx/" + name, folder.resolve(name));
    Path target = folder.resolve("model.safetensors");
    ConversionOptions options =
        new ConversionOptions(
            Optional.empty(),
            Optional.of(Pooling.MEAN),
            Optional.of(true),
            Optional.of(32),
            Optional.empty());
    Converter.convert(source.resolve("model.onnx"), target, options, line -> {});
    Json expected = Json.parse(name, Files.readString(source.resolve("expected.json")));
    try (Embedder embedder = Embedder.load(target)) {
      List<Json> texts = expected.get("texts").items();
      for (int i = 0; i < texts.size(); i++) {
        List<Json> components = expected.get("vectors").items().get(i).items();
        float[] vector = embedder.embed(texts.get(i).asString()).vector();
        assertEquals(components.size(), vector.length);
        for (int c = 0; c < vector.length; c++) {
          assertEquals(components.get(c).asDouble(), vector[c], 1e-6, name + ", text " + i);
        }
      }
    }
  }
}
