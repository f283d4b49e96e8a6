package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Exports of whole sentence-transformers models, which pool and normalise in the graph: the vectors
 * are those that ONNX Runtime gives ({@code tools/reference/onnx_pooled.py}), or the file is
 * refused.
 */
class OnnxPooledTest {
  private static final Optional<Integer> MAX_TOKENS = Optional.of(24);

  /** What the graph says of its pooling is not stated. */
  private static final ConversionOptions UNSTATED =
      new ConversionOptions(
          Optional.empty(), Optional.empty(), Optional.empty(), MAX_TOKENS, Optional.empty());

  @TempDir private Path folder;
  private final List<String> log = new ArrayList<>();

  private Path source(String name) throws IOException {
    return TestModels.copy("onnx/" + name, folder.resolve(name)).resolve("model.onnx");
  }

  private Path convert(String name, ConversionOptions options) throws IOException {
    Path target = folder.resolve("model.safetensors");
    Converter.convert(source(name), target, options, log::add);
    return target;
  }

  @ParameterizedTest
  @CsvSource({
    "pooled-mean, MEAN, true",
    "pooled-cls, CLS, false",
    "pooled-max, MAX, false",
    "pooled-sqrt, MEAN_SQRT_LEN, false"
  })
  void vectorsAreThoseOfTheGraphsOwnOutput(String name, Pooling pooling, boolean normalizes)
      throws IOException {
    try (Embedder embedder = Embedder.load(convert(name, UNSTATED))) {
      assertEquals(List.of(pooling), ((ModelDescription) embedder.model()).head().pooling());
      assertEquals(normalizes, ((ModelDescription) embedder.model()).head().normalize());
      Path golden = TestModels.resource("onnx/" + name + "/expected.json");
      Json expected = Json.parse(name, Files.readString(golden));
      for (int i = 0; i < expected.get("texts").items().size(); i++) {
        List<Json> components = expected.get("vectors").items().get(i).items();
        float[] vector = new float[components.size()];
        for (int c = 0; c < vector.length; c++) {
          vector[c] = (float) components.get(c).asDouble();
        }
        String text = expected.get("texts").items().get(i).asString();
        assertArrayEquals(vector, embedder.embed(text).vector(), 2e-6f, text);
      }
    }
    assertTrue(log.getLast().contains("output sentence_embedding is pooled by "), log.toString());
  }

  @Test
  void whatIsStatedCountsMore() throws IOException {
    ConversionOptions cls =
        new ConversionOptions(
            Optional.empty(),
            Optional.of(Pooling.CLS),
            Optional.empty(),
            MAX_TOKENS,
            Optional.empty());
    try (Embedder embedder = Embedder.load(convert("pooled-mean", cls))) {
      assertEquals(List.of(Pooling.CLS), ((ModelDescription) embedder.model()).head().pooling());
      assertTrue(((ModelDescription) embedder.model()).head().normalize());
    }
  }

  /** The mean of padding too, and a Dense behind the pooling. */
  @ParameterizedTest
  @ValueSource(strings = {"pooled-padding", "pooled-dense"})
  void whatKumikoWouldNotComputeIsRefused(String name) throws IOException {
    Path onnx = source(name);
    for (ConversionOptions options : List.of(UNSTATED, TestModels.STATED)) {
      String message = TestModels.refusal(onnx, folder, options);
      assertTrue(
          message.contains("its output sentence_embedding is no pooling of the token vectors"),
          message);
    }
  }
}
