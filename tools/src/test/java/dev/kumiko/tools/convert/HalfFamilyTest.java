package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.format.DType;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A folder with 16-bit weights, converted once as it is and once to F32: half the bytes, and the
 * same vectors to the last bit.
 */
class HalfFamilyTest {
  @TempDir private Path folder;

  private Path convert(Path source, WeightType type) throws IOException {
    Path target = folder.resolve(type + ".safetensors");
    Converter.convert(source, target, ConversionOptions.NONE.withWeights(type), line -> {});
    return target;
  }

  private static List<String> texts(Path source) throws IOException {
    Json golden = Json.parse("golden.json", Files.readAllBytes(source.resolve("golden.json")));
    List<String> texts = new ArrayList<>();
    for (Json text : golden.get("texts").items()) {
      texts.add(text.asString());
    }
    return texts;
  }

  private static float[][] vectors(Path model, List<String> texts) throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      return embedder.embedAll(texts).stream().map(Embedding::vector).toArray(float[][]::new);
    }
  }

  private static long bytes(Path model, DType type) throws IOException {
    long bytes = 0;
    try (ModelFile file = ModelFile.open(model)) {
      for (String name : TensorNames.required(ModelDescription.of(file)).keySet()) {
        Tensor tensor = file.tensor(name);
        assertEquals(type, tensor.type(), name);
        bytes += tensor.data().byteSize();
      }
    }
    return bytes;
  }

  /** Query, key and value are one tensor in three of them, and heads stand behind the encoder. */
  @ParameterizedTest
  @CsvSource({
    "bert-mean,BF16",
    "bert-mean,F16",
    "labse,BF16",
    "mpnet,F16",
    "modernbert,BF16",
    "llama-lasttoken,BF16",
    "llama-lasttoken,F16",
    "gemma3-bidirectional,BF16",
    "gemma3-bidirectional,F16",
    "phi3,BF16",
    "gte,F16",
    "nomic-bert,BF16"
  })
  void vectorsAreThoseOfTheSameWeightsInF32(String name, DType type) throws IOException {
    Path source = TestModels.copy("fixtures/" + name, folder.resolve(name));
    TestModels.retype(source, type);
    Path kept = convert(source, WeightType.KEEP);
    Path wide = convert(source, WeightType.F32);
    List<String> texts = texts(source);
    assertArrayEquals(vectors(wide, texts), vectors(kept, texts));
    assertEquals(bytes(wide, DType.F32), 2 * bytes(kept, type));
  }
}
