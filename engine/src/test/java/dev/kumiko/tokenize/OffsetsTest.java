package dev.kumiko.tokenize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.NormalizerStep;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where tokens lie by Hugging Face tokenizers; {@code tools/reference/offsets.py} asked it. */
class OffsetsTest {
  private static final int SPECIAL = -1;

  @ParameterizedTest
  @ValueSource(strings = {"bert-mean", "labse"})
  void areThoseOfTheReference(String fixture) throws IOException {
    Tokenizer tokenizer = TokenizerJson.fixture(fixture);
    List<?> texts = Json.list(reference(), fixture);
    assertEquals(170, texts.size());
    for (Object one : texts) {
      String text = (String) ((Map<?, ?>) one).get("text");
      int[] expected = Json.integers(Json.list((Map<?, ?>) one, "offsets"));
      OffsetEncoding found = OffsetChecks.check(tokenizer, text, Integer.MAX_VALUE);
      assertArrayEquals(expected, offsets(found, 0, found.length()), text);

      int most = 7;
      OffsetEncoding cut = OffsetChecks.check(tokenizer, text, most);
      int kept = Math.min(most, found.length()) - 1;
      assertArrayEquals(offsets(found, 0, kept), offsets(cut, 0, kept), text);
      assertTrue(cut.special(kept));
    }
  }

  @Test
  void areCountedInCharsOfTheTextThatWasGiven() throws IOException {
    Tokenizer tokenizer = TokenizerJson.fixture("bert-mean");
    OffsetEncoding roof = tokenizer.encodeWithOffsets("\uD83D\uDE42 R\u0301oof [SEP]", 99);
    int typed = roof.length() - 2;
    assertArrayEquals(new int[] {-1, -1, 0, 2}, offsets(roof, 0, 2));
    assertEquals(3, roof.start(2));
    assertEquals(8, roof.end(typed - 1));
    assertArrayEquals(new int[] {9, 14, -1, -1}, offsets(roof, typed, typed + 2));
    assertFalse(roof.special(typed));
  }

  @Test
  void refusesWhatEncodeRefuses() throws IOException {
    Tokenizer tokenizer = TokenizerJson.fixture("bert-mean");
    assertThrows(NullPointerException.class, () -> tokenizer.encodeWithOffsets(null, 9));
    assertThrows(IllegalArgumentException.class, () -> tokenizer.encodeWithOffsets("a\uD83D", 9));
    assertThrows(IllegalArgumentException.class, () -> tokenizer.encodeWithOffsets("a", 1));
    OffsetEncoding one = tokenizer.encodeWithOffsets("a", 9);
    assertThrows(IndexOutOfBoundsException.class, () -> one.start(3));
    assertThrows(IndexOutOfBoundsException.class, () -> one.end(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> one.special(3));
  }

  @Test
  void addedTokensOfAllKindsLieWhereTheyStand() throws IOException {
    Map<?, ?> reference = Json.read(OffsetsTest.class.getResourceAsStream("added-tokens.json"));
    Tokenizer tokenizer =
        TokenizerJson.fixture(
            "labse",
            new NormalizerStep.Bert(true, true, true, true),
            TokenizerJson.addedTokens(Json.list(reference, "added_tokens")));
    for (Object one : Json.list(reference, "cases")) {
      OffsetChecks.check(tokenizer, (String) ((Map<?, ?>) one).get("text"), Integer.MAX_VALUE);
    }
    OffsetEncoding found = tokenizer.encodeWithOffsets("a  <m> NA\u00CFVE  <n>", 99);
    assertArrayEquals(
        new int[] {-1, -1, 0, 1, 1, 7, 7, 12, 12, 17, -1, -1}, offsets(found, 0, found.length()));
  }

  private static int[] offsets(OffsetEncoding encoding, int from, int to) {
    int[] offsets = new int[2 * (to - from)];
    for (int i = from; i < to; i++) {
      boolean special = encoding.special(i);
      offsets[2 * (i - from)] = special ? SPECIAL : encoding.start(i);
      offsets[2 * (i - from) + 1] = special ? SPECIAL : encoding.end(i);
    }
    return offsets;
  }

  private static Map<?, ?> reference() throws IOException {
    try (InputStream in = OffsetsTest.class.getResourceAsStream("offsets.json.gz")) {
      return Json.read(new GZIPInputStream(in));
    }
  }
}
