package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.bench.onnx.BertGraph;
import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.tools.generate.PublishedShape;
import dev.kumiko.tools.generate.RandomModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ONNX Runtime computes with a graph of the benchmark is what Kumiko computes. */
class WrittenGraphTest {
  /** Fp32 in another order; the largest difference measured is 5e-7. */
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  /** Generates a model whose gains and biases are not those that change nothing. */
  private Path model(PublishedShape shape, int layers) throws IOException {
    Path plain = folder.resolve("plain.safetensors");
    Path model = folder.resolve("model.safetensors");
    new RandomModel(shape, Optional.of(layers), Optional.of(RandomModel.LEAST_TOKENS), 1)
        .write(plain, done -> {});
    Random random = new Random(2);
    try (ModelFile file = ModelFile.open(plain)) {
      ModelWriter writer = new ModelWriter(model).metadata(file.metadata());
      for (Tensor tensor : file.tensors().values()) {
        if (tensor.type() == DType.F32 && tensor.shape().size() == 1) {
          float[] values = tensor.toFloats();
          for (int i = 0; i < values.length; i++) {
            values[i] += (float) random.nextGaussian() / 5;
          }
          writer.floats(tensor.name(), values, values.length);
        } else {
          writer.copy(tensor.name(), tensor);
        }
      }
      writer.write();
    }
    return model;
  }

  private static void compare(float[][] expected, float[][] actual) {
    assertEquals(expected.length, actual.length);
    for (int text = 0; text < expected.length; text++) {
      assertEquals(expected[text].length, actual[text].length);
      for (int i = 0; i < expected[text].length; i++) {
        assertEquals(
            expected[text][i], actual[text][i], TOLERANCE, "text " + text + ", component " + i);
      }
    }
  }

  private void check(Path model, String texts) throws IOException {
    Path graph = folder.resolve("graph.onnx");
    BertGraph.write(model, graph);
    List<String> mixed = SizeModels.mixedTexts(texts);
    try (Embedder kumiko = Embedder.builder().threads(1).load(model)) {
      float[][] expected =
          mixed.stream().map(text -> kumiko.embed(text).vector()).toArray(float[][]::new);
      for (int batch : new int[] {1, 5, mixed.size()}) {
        try (Engine engine = new OnnxRuntimeEngine(model, graph, 1, batch)) {
          compare(expected, engine.embed(mixed));
        }
      }
    }
  }

  @Test
  void lealla() throws IOException {
    check(model(PublishedShape.LEALLA_SMALL, 3), "lealla-small");
  }

  @Test
  void theMeanIsOfTokensAlone() throws IOException {
    check(model(PublishedShape.MULTILINGUAL_E5_SMALL, 2), "multilingual-e5-small");
  }

  @Test
  void theDefaultModelIsThatOfItsPublishedExport() throws IOException {
    Models models = Models.prepare(folder);
    check(models.kumikoFp32(), SizeModels.WRITTEN);
    List<String> mixed = SizeModels.mixedTexts(SizeModels.WRITTEN);
    try (Engine published = new OnnxRuntimeEngine(models, models.onnxFp32(), 1, mixed.size());
        Engine written =
            new OnnxRuntimeEngine(models.kumikoFp32(), folder.resolve("graph.onnx"), 1, 7)) {
      compare(published.embed(mixed), written.embed(mixed));
    }
  }

  @Test
  void otherPartsAreRefused() throws IOException {
    Path model = folder.resolve("decoder.safetensors");
    new RandomModel(
            PublishedShape.QWEN3_EMBEDDING_06B,
            Optional.of(1),
            Optional.of(RandomModel.LEAST_TOKENS),
            1)
        .write(model, done -> {});
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> BertGraph.write(model, folder.resolve("graph.onnx")))
            .getMessage();
    assertTrue(
        message.startsWith("qwen3-embedding-0.6b-random: no graph is written for the layout"),
        message);
  }

  @Test
  void textsHaveTheTokensStated() throws IOException {
    int rows = SizeModels.TOKEN_ROWS;
    Path model = folder.resolve("tokens.safetensors");
    new RandomModel(PublishedShape.LEALLA_SMALL, Optional.of(1), Optional.of(rows), 1)
        .write(model, done -> {});
    try (Embedder embedder = Embedder.builder().threads(1).load(model)) {
      List<String> texts = SizeModels.texts("lealla-small", 256, SizeEngines.TOKENS);
      assertEquals(256, texts.stream().distinct().count());
      for (String text : texts) {
        assertEquals(SizeEngines.TOKENS, embedder.tokenize(text).ids().length, text);
      }
    }
  }
}
