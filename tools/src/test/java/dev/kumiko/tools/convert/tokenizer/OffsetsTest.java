package dev.kumiko.tools.convert.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.kumiko.format.Json;
import dev.kumiko.tokenize.OffsetEncoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Where in a text each token lies by Hugging Face tokenizers, for all tokenizers and for variations
 * of them; {@code tools/reference/offsets.py} asked it.
 */
class OffsetsTest {
  private static final int SPECIAL = -1;

  @Test
  void areThoseOfTheReference() throws IOException {
    Json reference = reference();
    Map<String, Json> documents = new HashMap<>();
    List<Json> cases = reference.get("cases").items();
    assertEquals(79, cases.size());
    for (Json one : cases) {
      String place = one.get("tokenizer").asString();
      if (!documents.containsKey(place)) {
        documents.put(place, Resources.json(place));
      }
      Map<String, Json> sections = one.get("sections").members();
      TokenizerJson.Tokenizer read = TokenizerJson.read(documents.get(place).with(sections));
      Tokenizer tokenizer = Tokenizers.of(read.description(), read.tables());
      List<Json> texts = reference.get("lists").get(one.get("texts").asString()).items();
      List<Json> offsets = one.get("offsets").items();
      assertFalse(texts.isEmpty());
      assertEquals(texts.size(), offsets.size());
      Json most = one.get("most");
      for (int i = 0; i < texts.size(); i++) {
        check(
            tokenizer,
            texts.get(i).asString(),
            most.isNull() ? Integer.MAX_VALUE : most.asInt(),
            ints(offsets.get(i)),
            place + " with " + sections + ": " + texts.get(i));
      }
    }
  }

  private static void check(
      Tokenizer tokenizer, String text, int most, int[] expected, String message) {
    OffsetEncoding found = tokenizer.encodeWithOffsets(text, most);
    assertArrayEquals(tokenizer.encode(text, most).ids(), found.encoding().ids(), message);
    int[] offsets = new int[2 * found.length()];
    for (int i = 0; i < found.length(); i++) {
      offsets[2 * i] = found.special(i) ? SPECIAL : found.start(i);
      offsets[2 * i + 1] = found.special(i) ? SPECIAL : found.end(i);
    }
    assertArrayEquals(expected, offsets, message);
  }

  private static int[] ints(Json array) throws IOException {
    List<Json> items = array.items();
    int[] values = new int[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = items.get(i).asInt();
    }
    return values;
  }

  private static Json reference() throws IOException {
    try (InputStream in = new GZIPInputStream(Resources.open("tokenizers/offsets.json.gz"))) {
      return Json.parse("offsets.json", in);
    }
  }
}
