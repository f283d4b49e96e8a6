package dev.kumiko.tools.convert.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.kumiko.format.Json;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The golden files of the fixtures, which Hugging Face transformers wrote. */
class GoldenIdsTest {
  /** Fixture, and the one that has the same tokenizer. */
  @ParameterizedTest
  @CsvSource({
    "distilbert, distilbert",
    "labse, labse",
    "lealla-hf, labse",
    "lealla-original, labse",
    "roberta, roberta",
    "mpnet, roberta",
    "modernbert, roberta",
    "xlmr-unigram, xlmr-unigram",
    "qwen3-lasttoken, qwen3-lasttoken",
    "qwen3-weightedmean, qwen3-lasttoken"
  })
  void givesTheGoldenIdsTokensAndPairs(String fixture, String same) throws IOException {
    Tokenizer tokenizer = Resources.tokenizer(same);
    Json golden = Resources.json("fixtures/" + fixture + "/golden.json");
    int most = golden.get("max_length").asInt();
    List<Json> texts = golden.get("texts").items();
    assertFalse(texts.isEmpty());
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i).asString();
      int[] all = ints(golden.get("ids_untruncated").items().get(i));
      int[] cut = ints(golden.get("ids").items().get(i));

      Encoding whole = tokenizer.encode(text, Integer.MAX_VALUE);
      Encoding truncated = tokenizer.encode(text, most);

      assertArrayEquals(all, whole.ids(), text);
      assertArrayEquals(cut, truncated.ids(), text);
      assertEquals(all.length > cut.length, truncated.truncated(), text);
      assertEquals(all.length, tokenizer.count(text), text);
      List<String> tokens = new ArrayList<>();
      for (int id : all) {
        tokens.add(tokenizer.token(id));
      }
      assertEquals(strings(golden.get("tokens").items().get(i)), tokens, text);
    }
    List<Json> pairs = golden.get("pairs").items();
    assertFalse(pairs.isEmpty());
    for (Json pair : pairs) {
      Encoding encoding =
          tokenizer.encodePair(pair.get("a").asString(), pair.get("b").asString(), most);
      assertArrayEquals(ints(pair.get("ids")), encoding.ids(), pair.path());
    }
  }

  private static int[] ints(Json array) throws IOException {
    List<Json> items = array.items();
    int[] values = new int[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = items.get(i).asInt();
    }
    return values;
  }

  private static List<String> strings(Json array) throws IOException {
    List<String> values = new ArrayList<>();
    for (Json item : array.items()) {
      values.add(item.asString());
    }
    return values;
  }
}
