package dev.kumiko.tools.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.DType;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.format.TokenModel;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Models with random weights load, compute, and have the sizes of those they are named after. */
class GeneratedModelTest {
  private static final int TOKENS = 4000;
  private static final String TEXT = "A purlin carries the rafters of a roof, twice in 1897.";

  @TempDir private Path folder;

  private Path write(PublishedShape shape, long seed) throws IOException {
    return write(shape, DType.F32, seed);
  }

  private Path write(PublishedShape shape, DType type, long seed) throws IOException {
    Path target = folder.resolve("model-" + type + "-" + seed);
    new RandomModel(shape, Optional.of(1), Optional.of(TOKENS), type, seed)
        .write(target, done -> {});
    return target;
  }

  /** Sizes as they were published; parameters too, but those of a pooler that is not needed. */
  @ParameterizedTest
  @CsvSource({
    "LEALLA_SMALL, 24, 128, 8, 8, 16, 512, 501153, 68988672",
    "LEALLA_BASE, 24, 192, 12, 12, 16, 768, 501153, 107034240",
    "LEALLA_LARGE, 24, 256, 8, 8, 32, 1024, 501153, 147447296",
    "LABSE, 12, 768, 12, 12, 64, 3072, 501153, 470926848",
    "MULTILINGUAL_E5_SMALL, 12, 384, 12, 12, 32, 1536, 250037, 117505920",
    "QWEN3_EMBEDDING_06B, 28, 1024, 16, 8, 128, 3072, 151669, 595776512",
    "EMBEDDINGGEMMA_300M, 24, 768, 3, 1, 256, 1152, 262144, 307581696",
  })
  void sizesAreThePublished(
      PublishedShape shape,
      int layers,
      int hidden,
      int heads,
      int keyHeads,
      int headSize,
      int intermediate,
      int tokens,
      long parameters) {
    assertEquals(tokens, shape.tokens());
    Architecture sizes = shape.architecture(Optional.empty(), shape.tokens());
    assertEquals(
        List.of(layers, hidden, heads, keyHeads, headSize, intermediate, tokens),
        List.of(
            sizes.layers(),
            sizes.hiddenSize(),
            sizes.attentionHeads(),
            sizes.keyHeads(),
            sizes.headSize(),
            sizes.intermediateSize(),
            sizes.vocabularySize()));
    long counted = 0;
    for (List<Long> weight : TensorNames.required(sizes).values()) {
      counted += weight.stream().reduce(1L, Math::multiplyExact);
    }
    for (List<Long> weight : TensorNames.head(shape.head().steps(), hidden).values()) {
      counted += weight.stream().reduce(1L, Math::multiplyExact);
    }
    assertEquals(parameters, counted);
  }

  @ParameterizedTest
  @EnumSource
  void everyShapeEmbeds(PublishedShape shape) throws IOException {
    try (Embedder embedder = Embedder.load(write(shape, 1))) {
      assertTrue(embedder.model().hasRandomWeights());
      assertEquals(TOKENS, embedder.model().vocabularySize());
      List<String> texts = List.of(TEXT, "Grün ist die Tür.", "", "zzz");
      List<Embedding> embeddings = embedder.embedAll(texts);
      for (Embedding embedding : embeddings) {
        double square = 0;
        for (float component : embedding.vector()) {
          assertTrue(Float.isFinite(component));
          square += (double) component * component;
        }
        assertEquals(1, square, 1e-5);
      }
      assertFalse(embeddings.get(0).cosine(embeddings.get(3)) > 0.999);
    }
  }

  /** Ordinary words in Latin letters are known, in any case, even with few tokens. */
  @ParameterizedTest
  @EnumSource
  void wordsBecomeTokensThatTheModelHas(PublishedShape shape) throws IOException {
    SyntheticTokenizer tokenizer = shape.tokenizer(TOKENS);
    int unknown =
        switch (tokenizer.description().model()) {
          case TokenModel.WordPiece wordPiece -> wordPiece.unknownId();
          case TokenModel.Unigram unigram -> unigram.unknownId();
          case TokenModel.Bpe bpe -> bpe.unknownId().orElse(-1);
        };
    try (Embedder embedder = Embedder.load(write(shape, 1))) {
      int[] ids = embedder.tokenize(TEXT).ids();
      assertTrue(ids.length > 12, "%d tokens".formatted(ids.length));
      // Fewer than letters: words of several letters are tokens.
      assertTrue(ids.length < TEXT.length(), "%d tokens".formatted(ids.length));
      for (int id : ids) {
        assertTrue(id >= 0 && id < TOKENS && id != unknown, "token " + id);
      }
    }
  }

  /** All scripts of this test's texts, with as many tokens as were published. */
  @Test
  void aWholeVocabularyKnowsManyScripts() throws IOException {
    PublishedShape shape = PublishedShape.LABSE;
    SyntheticTokenizer tokenizer = shape.tokenizer(shape.tokens());
    assertEquals(shape.tokens(), tokenizer.tables().tokens());
    Tokenizer encoder = Tokenizers.of(tokenizer.description(), tokenizer.tables());
    for (String text : List.of("Привет", "東京", "नमस्ते", "مرحبا", "안녕", "สวัสดี", "Γειά", "שלום")) {
      for (int id : encoder.encode(text, 64).ids()) {
        assertNotEquals(1, id, text);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameSeedGivesTheSameBytes(PublishedShape shape) throws IOException {
    byte[] first = Files.readAllBytes(write(shape, 7));
    assertArrayEquals(first, Files.readAllBytes(write(shape, 7)));
    try (ModelFile file = ModelFile.open(write(shape, 8));
        ModelFile before = ModelFile.open(folder.resolve("model-F32-7"))) {
      String name = TensorNames.weight(TensorNames.feedForwardDown(0));
      float[] other = file.tensor(name).toFloats();
      assertFalse(Arrays.equals(other, before.tensor(name).toFloats()));
    }
  }

  /** Standard deviations: of n normal numbers one is off by 1 / sqrt(2 n), here 0.2 % and less. */
  @Test
  void weightsHaveTheirSizes() throws IOException {
    try (ModelFile file = ModelFile.open(write(PublishedShape.LABSE, 3))) {
      ModelDescription.of(file);
      assertEquals(0.02, deviation(file.tensor(TensorNames.TOKEN_EMBEDDINGS)), 0.0002);
      Tensor down = file.tensor(TensorNames.weight(TensorNames.feedForwardDown(0)));
      assertEquals(1 / Math.sqrt(3072), deviation(down), 0.01 / Math.sqrt(3072));
      float[] gains = file.tensor(TensorNames.weight(TensorNames.attentionNorm(0))).toFloats();
      float[] biases = file.tensor(TensorNames.bias(TensorNames.attentionNorm(0))).toFloats();
      for (int i = 0; i < gains.length; i++) {
        assertEquals(1f, gains[i]);
        assertEquals(0f, biases[i]);
      }
    }
  }

  /** The numbers of the fp32 model, to half of the last place of 8 and of 11 bits. */
  @ParameterizedTest
  @CsvSource({"BF16, 0x1p-8", "F16, 0x1p-11"})
  void halfTheBytesAreTheSameNumbersRounded(DType type, double bound) throws IOException {
    PublishedShape shape = PublishedShape.QWEN3_EMBEDDING_06B;
    Path half = write(shape, type, 9);
    try (ModelFile exact = ModelFile.open(write(shape, 9));
        ModelFile rounded = ModelFile.open(half);
        Embedder embedder = Embedder.load(half)) {
      for (Tensor tensor : exact.tensors().values()) {
        Tensor other = rounded.tensor(tensor.name());
        boolean isMatrix = tensor.type() == DType.F32 && tensor.shape().size() == 2;
        assertEquals(isMatrix ? type : tensor.type(), other.type(), tensor.name());
      }
      String name = TensorNames.weight(TensorNames.feedForwardUp(0));
      float[] values = exact.tensor(name).toFloats();
      float[] found = rounded.tensor(name).toFloats();
      for (int i = 0; i < values.length; i++) {
        // Below 2^-14 the places of F16 are 2^-24 apart.
        double most = Math.max(bound * Math.abs(values[i]), 0x1p-25);
        assertEquals(values[i], found[i], most);
      }
      assertTrue(Float.isFinite(embedder.embed(TEXT).vector()[0]));
    }
  }

  private static double deviation(Tensor tensor) throws IOException {
    float[] values = tensor.toFloats();
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum / values.length);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4000, 'The number of layers is 0; for lealla-small it can be from 1 to 24'",
    "25, 4000, 'The number of layers is 25; for lealla-small it can be from 1 to 24'",
    "1, 999, 'The number of tokens is 999; for lealla-small it can be from 1,000 to 501,153'",
    "1, 501154, 'The number of tokens is 501,154; for lealla-small'",
  })
  void sizesThatCannotBeAreRefused(int layers, int tokens, String message) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new RandomModel(
                    PublishedShape.LEALLA_SMALL, Optional.of(layers), Optional.of(tokens), 1));
    assertTrue(refusal.getMessage().startsWith(message), refusal.getMessage());
  }
}
