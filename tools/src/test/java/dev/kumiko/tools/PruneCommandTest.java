package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cut models against the reference's cut ones, in double precision. */
class PruneCommandTest {
  private static final String FIXTURE = "fixtures/llama-layers";

  @TempDir private Path folder;

  private String model(String source) {
    Path target = folder.resolve("model.safetensors");
    assertEquals(
        0, Outcome.of("convert", TestModels.resource(source).toString(), target.toString()).code);
    return target.toString();
  }

  private static List<String> texts() throws IOException {
    Path file = TestModels.resource(FIXTURE).resolve("golden.json");
    List<String> texts = new ArrayList<>();
    for (Json text : Json.parse("golden.json", Files.readAllBytes(file)).get("texts").items()) {
      texts.add(text.asString());
    }
    return texts;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void everyCutEqualsTheReference(int layers) throws IOException {
    Path cut = folder.resolve("cut.safetensors");
    String n = Integer.toString(layers);
    assertEquals(0, Outcome.of("prune", model(FIXTURE), cut.toString(), "--layers", n).code);
    Path golden = TestModels.resource(FIXTURE).resolve("golden.safetensors");
    try (Embedder embedder = Embedder.load(cut);
        ModelFile reference = ModelFile.open(golden)) {
      DoubleBuffer expected =
          reference
              .tensor("layers" + layers + ".embeddings")
              .data()
              .asByteBuffer()
              .order(ByteOrder.LITTLE_ENDIAN)
              .asDoubleBuffer();
      List<Embedding> found = embedder.embedAll(texts());
      assertEquals(expected.remaining(), found.size() * embedder.dimension());
      for (Embedding embedding : found) {
        for (float component : embedding.vector()) {
          assertEquals(expected.get(), component, 1e-5);
        }
      }
    }
  }

  @Test
  void allLayersAreTheModelItself() throws IOException {
    Path same = folder.resolve("same.safetensors");
    String model = model(FIXTURE);
    assertEquals(0, Outcome.of("prune", model, same.toString(), "--layers", "6").code);
    assertArrayEquals(Files.readAllBytes(Path.of(model)), Files.readAllBytes(same));
  }

  @ParameterizedTest
  @CsvSource({
    "fixtures/llama-layers, 0, --layers is 0",
    "fixtures/llama-layers, 7, state a number from 1 to 6",
    "fixtures/llama-layers, -1, --layers is -1",
    "cross-encoders/bert-reranker, 1, Only encoders can be cut",
  })
  void whatCannotBeCutIsRefused(String source, String layers, String message) {
    Path cut = folder.resolve("cut.safetensors");
    Outcome outcome = Outcome.of("prune", model(source), cut.toString(), "--layers=" + layers);
    assertTrue(outcome.err.contains(message), outcome.err);
    assertEquals(1, outcome.code, outcome.err);
    assertFalse(Files.exists(cut));
  }
}
