package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Prompt;
import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Pooling;
import dev.kumiko.train.model.TrainableModel;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts behind prompts, against transformers in double precision. */
class PromptedTest {
  /** Of float rounding, on unit vectors. */
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  private static Json json(String resource) throws IOException {
    return Json.parse(resource, Files.readAllBytes(TestModels.resource(resource)));
  }

  private static int[] ints(Json array) throws IOException {
    int[] values = new int[array.items().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.items().get(i).asInt();
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"gemma3-bidirectional, 8", "nomic-bert, 8", "gte, 4"})
  void thePromptsOfAModelGiveTheReferencesVectors(String name, int count) throws IOException {
    Path source = TestModels.resource("fixtures/" + name);
    Path target = folder.resolve("model.safetensors");
    Converter.convert(source, target, ConversionOptions.NONE, line -> {});
    Json golden = json("fixtures/" + name + "/golden.json");
    List<Json> prompted = golden.get("prompted").items();
    assertEquals(count, prompted.size());
    try (Embedder embedder = Embedder.load(target);
        ModelFile vectors = ModelFile.open(source.resolve("golden.safetensors"))) {
      DoubleBuffer expected =
          vectors
              .tensor("prompted")
              .data()
              .asByteBuffer()
              .order(ByteOrder.LITTLE_ENDIAN)
              .asDoubleBuffer();
      assertEquals(count * embedder.dimension(), expected.remaining());
      for (Json entry : prompted) {
        String text = golden.get("texts").items().get(entry.get("text").asInt()).asString();
        Prompt prompt = Prompt.named(entry.get("prompt").asString());
        String what = name + " " + entry.get("prompt").asString() + " " + text;
        assertArrayEquals(ints(entry.get("ids")), embedder.tokenize(text, prompt).ids(), what);
        for (float component : embedder.embed(text, prompt).vector()) {
          assertEquals(expected.get(), component, TOLERANCE, what);
        }
      }
    }
  }

  private Path fromText(Json golden) throws IOException {
    Path source = TestModels.copy("fixtures/llama-layers", folder.resolve("llama"));
    Files.writeString(
        source.resolve("config_sentence_transformers.json"),
        Json.text(Map.of("prompts", Map.of("query", golden.get("instruction").asString()))));
    Path target = folder.resolve("llama.safetensors");
    ConversionOptions options =
        new ConversionOptions(
            Optional.empty(),
            Optional.of(Pooling.WEIGHTED_MEAN_FROM_TEXT),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Converter.convert(source, target, options, line -> {});
    return target;
  }

  private static void assertSame(Json expected, float[] actual, String what) throws IOException {
    assertEquals(expected.items().size(), actual.length, what);
    for (int i = 0; i < actual.length; i++) {
      assertEquals(expected.items().get(i).asDouble(), actual[i], TOLERANCE, what);
    }
  }

  /** As LLM2Vec pools: neither the begin token nor an instruction, weights from the text on. */
  @Test
  void weightsBeginAtTheTextWithAnInstructionAndWithout() throws IOException {
    Json golden = json("text-pooling/golden.json");
    List<Json> texts = golden.get("texts").items();
    try (Embedder embedder = Embedder.load(fromText(golden))) {
      for (int i = 0; i < texts.size(); i++) {
        String text = texts.get(i).asString();
        Embedding instructed = embedder.embed(text, Prompt.QUERY);
        assertSame(golden.get("instructed").items().get(i), instructed.vector(), text);
        assertSame(golden.get("bare").items().get(i), embedder.embed(text).vector(), text);
      }
    }
  }

  @Test
  void aModelInTrainingPoolsThemAlike() throws IOException {
    Json golden = json("text-pooling/golden.json");
    List<Json> texts = golden.get("texts").items();
    try (TrainableModel model = TrainableModel.open(fromText(golden))) {
      PackedTexts packed = new PackedTexts();
      for (Json text : texts) {
        int[] ids = model.tokenizer().encode(text.asString(), 64).ids();
        packed.add(ids, ids.length);
      }
      float[] vectors = model.vectors(packed);
      int size = vectors.length / texts.size();
      for (int i = 0; i < texts.size(); i++) {
        float[] vector = Arrays.copyOfRange(vectors, i * size, (i + 1) * size);
        assertSame(golden.get("bare").items().get(i), vector, texts.get(i).asString());
      }
    }
  }
}
