package dev.kumiko.tokenize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ids of the golden files, which Hugging Face transformers wrote. */
class FixtureTest {
  @ParameterizedTest
  @ValueSource(strings = {"bert-mean", "labse"})
  void givesTheGoldenIds(String fixture) throws IOException {
    Tokenizer tokenizer = TokenizerJson.fixture(fixture);
    Map<?, ?> golden = golden(fixture);
    List<?> texts = Json.list(golden, "texts");
    int maxLength = Json.integer(golden, "max_length");
    assertFalse(texts.isEmpty());
    for (int i = 0; i < texts.size(); i++) {
      String text = (String) texts.get(i);
      int[] all = Json.integers((List<?>) Json.list(golden, "ids_untruncated").get(i));
      int[] cut = Json.integers((List<?>) Json.list(golden, "ids").get(i));

      Encoding whole = tokenizer.encode(text, Integer.MAX_VALUE);
      Encoding truncated = tokenizer.encode(text, maxLength);

      assertArrayEquals(all, whole.ids(), text);
      assertFalse(whole.truncated(), text);
      assertArrayEquals(cut, truncated.ids(), text);
      assertArrayEquals(new int[cut.length], truncated.typeIds(), text);
      assertEquals(all.length > cut.length, truncated.truncated(), text);
      assertEquals(all.length, tokenizer.count(text), text);
      assertArrayEquals(
          Arrays.copyOfRange(all, 1, all.length - 1), tokenizer.contentIds(text), text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-mean", "labse"})
  void givesTheGoldenTokens(String fixture) throws IOException {
    Tokenizer tokenizer = TokenizerJson.fixture(fixture);
    Map<?, ?> golden = golden(fixture);
    List<?> texts = Json.list(golden, "texts");
    assertFalse(texts.isEmpty());
    for (int i = 0; i < texts.size(); i++) {
      int[] ids = tokenizer.encode((String) texts.get(i), Integer.MAX_VALUE).ids();
      List<String> tokens = Arrays.stream(ids).mapToObj(tokenizer::token).toList();
      assertEquals(Json.list(golden, "tokens").get(i), tokens);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-mean", "labse"})
  void givesTheGoldenPairs(String fixture) throws IOException {
    Tokenizer tokenizer = TokenizerJson.fixture(fixture);
    Map<?, ?> golden = golden(fixture);
    List<?> pairs = Json.list(golden, "pairs");
    assertFalse(pairs.isEmpty());
    for (Object element : pairs) {
      Map<?, ?> pair = (Map<?, ?>) element;
      Encoding encoding =
          tokenizer.encodePair(
              (String) pair.get("a"), (String) pair.get("b"), Json.integer(golden, "max_length"));
      assertArrayEquals(Json.integers(Json.list(pair, "ids")), encoding.ids(), pair.toString());
    }
  }

  private static Map<?, ?> golden(String fixture) throws IOException {
    return Json.read(
        FixtureTest.class.getResourceAsStream("/fixtures/" + fixture + "/golden.json"));
  }
}
