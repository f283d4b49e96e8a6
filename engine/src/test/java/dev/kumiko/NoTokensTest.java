package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.ModelFile;
import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Texts that become no token, limits that leave no room for one, and weights that are no numbers.
 */
@Timeout(60)
class NoTokensTest {
  private static final String NO_SPECIALS =
      "\"single\":[{\"type\":0,\"text\":\"first\"}],\"pair\":[{\"text\":\"first\",\"type\":0},"
          + "{\"text\":\"second\",\"type\":1}],\"added_tokens\":";

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
  }

  /** The model with other special tokens around the texts. */
  private ModelCopy templates(String templates) throws IOException {
    try (ModelFile file = ModelFile.open(model)) {
      String tokenizer = file.metadata().get("kumiko.tokenizer");
      String changed = tokenizer.replaceFirst("\"single\":.*\"added_tokens\":", templates);
      assertTrue(changed.contains(templates), changed);
      return new ModelCopy(model).metadata("kumiko.tokenizer", changed);
    }
  }

  private Path write(ModelCopy copy) throws IOException {
    return copy.write(folder.resolve("changed.safetensors"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mean", "cls", "max", "mean_sqrt_len", "weighted_mean", "last_token"})
  void aTextWithoutTokensGivesZerosWhateverStandsBeside(String pooling) throws IOException {
    Path bare = write(templates(NO_SPECIALS).metadata("kumiko.pooling", pooling));
    for (int threads : new int[] {1, 2, 8}) {
      try (Embedder embedder = Embedder.builder().threads(threads).load(bare)) {
        float[] zeros = new float[embedder.dimension()];
        Embedding alone = embedder.embed("");
        assertArrayEquals(zeros, alone.vector());
        assertEquals(0, alone.tokens());
        assertArrayEquals(zeros, embedder.embed(" \t\n").vector());
        List<String> texts = List.of("", "a roof", "", " ", "of wood", "");
        List<Embedding> batch = embedder.embedAll(texts);
        for (int i = 0; i < texts.size(); i++) {
          Embedding expected = embedder.embed(texts.get(i));
          assertArrayEquals(expected.vector(), batch.get(i).vector(), pooling + " " + i);
          assertEquals(expected.tokens(), batch.get(i).tokens());
        }
        assertEquals(2000, embedder.embedAll(Collections.nCopies(2000, "")).size());
        assertTrue(embedder.tokenize("").ids().length == 0);
      }
    }
  }

  /** As sentence-transformers: what the prompt leaves to be pooled is nothing. */
  @Test
  void aPromptThatIsNotPooledBeforeATextWithoutTokensGivesZeros() throws IOException {
    Path bare =
        write(
            templates(NO_SPECIALS)
                .metadata("kumiko.pool_prompt", "false")
                .metadata("kumiko.prompts", "{\"query\":\"roof of wood \"}"));
    try (Embedder embedder = Embedder.builder().prompt("query").load(bare)) {
      Embedding empty = embedder.embed("");
      assertTrue(empty.tokens() > 1);
      assertArrayEquals(new float[embedder.dimension()], empty.vector());
      float[] other = embedder.embedAll(List.of("a", "", "b")).get(1).vector();
      assertArrayEquals(empty.vector(), other);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 2})
  void aLimitThatIsAllSpecialTokensIsRefusedOnLoading(int tokens) throws IOException {
    Path bad = write(new ModelCopy(model).metadata("kumiko.max_tokens", "" + tokens));
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> Embedder.load(bad));
    assertTrue(
        e.getMessage().contains("kumiko.max_tokens is " + tokens + ", but must be from 3 to"),
        e.getMessage());
  }

  @Test
  void averagingNeedsRoomForATokenAmongManySpecials() throws IOException {
    String four = NO_SPECIALS.replaceFirst("\\{", "{\"id\":2,\"type\":0},".repeat(4) + "{");
    Path bad = write(templates(four).metadata("kumiko.max_tokens", "4"));
    assertThrows(
        ModelFormatException.class,
        () -> Embedder.builder().longText(LongText.AVERAGE).load(bad).close());
    Path least = write(templates(four).metadata("kumiko.max_tokens", "5"));
    try (Embedder embedder = Embedder.builder().longText(LongText.AVERAGE).load(least)) {
      assertEquals(15, embedder.embed("a b c").tokens());
    }
    try (Embedder embedder = Embedder.builder().maxTokens(1).load(write(templates(NO_SPECIALS)))) {
      assertEquals(1, embedder.embed("a b c").tokens());
    }
  }

  @Test
  void weightsThatAreNoNumbersAreNamed() throws IOException {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      String bias = "embeddings.norm.bias";
      float[] values;
      try (ModelFile file = ModelFile.open(model)) {
        values = file.tensor(bias).toFloats();
      }
      values[3] = value;
      Path damaged =
          write(
              new ModelCopy(model)
                  .with(bias, writer -> writer.floats(bias, values, values.length)));
      try (Embedder embedder = Embedder.load(damaged)) {
        UnusableModelException e =
            assertThrows(UnusableModelException.class, () -> embedder.embed("a"));
        assertEquals(0, e.index());
        assertEquals(
            "the result of input 0 has a component that is NaN; the model bert-mean is damaged",
            e.getMessage());
      }
    }
  }
}
