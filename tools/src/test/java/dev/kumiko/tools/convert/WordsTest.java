package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.EmbedOptions;
import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Input;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words have the ids that Hugging Face's tokenizers give them with {@code is_pretokenized}. */
class WordsTest {
  private static final int FEW = 6;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"bert-mean", "labse", "xlmr-unigram", "roberta", "mpnet"})
  void wordsHaveTheReferencesIds(String name) throws IOException {
    Json golden;
    try (InputStream in = Files.newInputStream(TestModels.resource("words/golden.json"))) {
      golden = Json.parse("golden.json", in).get(name);
    }
    List<String> words = golden.get("words").items().stream().map(WordsTest::text).toList();
    Path model = folder.resolve("model.safetensors");
    Path source = TestModels.copy("fixtures/" + name, folder.resolve(name));
    Converter.convert(source, model, ConversionOptions.NONE, line -> {});
    try (Embedder embedder = Embedder.load(model);
        Embedder few = Embedder.builder().maxTokens(FEW).load(model)) {
      Embedding whole = embed(embedder, new Input.Words(words));
      int[] ids = ids(golden.get("ids"));
      assertEquals(ids.length, whole.tokens());
      assertArrayEquals(embed(embedder, new Input.TokenIds(ids)).vector(), whole.vector());
      Embedding cut = embed(few, new Input.Words(words));
      int[] cutIds = ids(golden.get("cut"));
      assertTrue(cut.truncated());
      assertArrayEquals(embed(embedder, new Input.TokenIds(cutIds)).vector(), cut.vector());
    }
  }

  private static String text(Json json) {
    try {
      return json.asString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int[] ids(Json json) throws IOException {
    int[] ids = new int[json.items().size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = json.items().get(i).asInt();
    }
    return ids;
  }

  private static Embedding embed(Embedder embedder, Input input) {
    return embedder.embedInputs(List.of(input), EmbedOptions.DEFAULT).getFirst();
  }
}
