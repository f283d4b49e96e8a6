package dev.kumiko.tokenize.bert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.format.NormalizerStep;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Json;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.TokenizerJson;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What Hugging Face tokenizers answered; {@code reference.py} beside the data asked it. */
class ReferenceTest {
  private static final int BLOCK_SIZE = 256;

  private static final CharacterMap UNCASED = map(true);
  private static final CharacterMap CASED = map(false);

  @Test
  void everyCodePointBecomesTheSameWords() throws IOException {
    int blocks = 0;
    try (var lines =
        new BufferedReader(
            new InputStreamReader(resource("code-points.txt"), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.split(" ", -1);
        int first = Integer.parseInt(fields[0], 16);
        String name = "one of U+%s and the %d after it, ".formatted(fields[0], BLOCK_SIZE - 1);
        assertEquals(fields[1], hex(blockSum(UNCASED, first)), name + "uncased");
        assertEquals(fields[2], hex(blockSum(CASED, first)), name + "cased");
        blocks++;
      }
    }
    int surrogates = Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1;
    assertEquals((Character.MAX_CODE_POINT + 1 - surrogates) / BLOCK_SIZE, blocks);
  }

  @Test
  void randomTextsBecomeTheSameIdsAndWords() throws IOException {
    Tokenizer uncased = TokenizerJson.fixture("bert-mean");
    Tokenizer cased = TokenizerJson.fixture("labse");
    int texts = 0;
    try (var in = new DataInputStream(new GZIPInputStream(resource("random-texts.bin.gz")))) {
      while (texts < 2000) {
        byte[] utf8 = in.readNBytes(in.readUnsignedShort());
        String text = new String(utf8, StandardCharsets.UTF_8);
        String name = "text " + texts + ": " + text;
        assertArrayEquals(ids(in), uncased.contentIds(text), name);
        assertEquals(hex(in.readInt()), hex(sum(UNCASED, text)), name);
        assertArrayEquals(ids(in), cased.contentIds(text), name);
        assertEquals(hex(in.readInt()), hex(sum(CASED, text)), name);
        texts++;
      }
      assertEquals(-1, in.read());
    }
  }

  @Test
  void cutsTextsAndPairsAtTheSamePlaces() throws IOException {
    Tokenizer tokenizer = TokenizerJson.fixture("bert-mean");
    List<?> cases = Json.list(Json.read(resource("truncation.json")), "cases");
    assertEquals(910, cases.size());
    for (Object element : cases) {
      Map<?, ?> one = (Map<?, ?>) element;
      String first = (String) one.get("first");
      String second = (String) one.get("second");
      int max = Json.integer(one, "max");
      Encoding encoding =
          second == null ? tokenizer.encode(first, max) : tokenizer.encodePair(first, second, max);
      assertArrayEquals(Json.integers(Json.list(one, "ids")), encoding.ids(), one.toString());
      assertArrayEquals(Json.integers(Json.list(one, "types")), encoding.typeIds(), one.toString());
    }
  }

  @Test
  void recognisesAddedTokensOfAllKinds() throws IOException {
    Map<?, ?> reference = Json.read(resource("added-tokens.json"));
    Tokenizer tokenizer =
        TokenizerJson.fixture(
            "labse",
            new NormalizerStep.Bert(true, true, true, true),
            TokenizerJson.addedTokens(Json.list(reference, "added_tokens")));
    List<?> cases = Json.list(reference, "cases");
    assertEquals(600, cases.size());
    for (Object element : cases) {
      Map<?, ?> one = (Map<?, ?>) element;
      assertArrayEquals(
          Json.integers(Json.list(one, "ids")),
          tokenizer.contentIds((String) one.get("text")),
          one.toString());
    }
  }

  private static CharacterMap map(boolean uncased) {
    return new CharacterMap(new NormalizerStep.Bert(true, true, uncased, uncased));
  }

  private static int[] ids(DataInputStream in) throws IOException {
    int[] ids = new int[in.readUnsignedShort()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = in.readUnsignedShort();
    }
    return ids;
  }

  private static int blockSum(CharacterMap map, int first) {
    CRC32 sum = new CRC32();
    for (int codePoint = first; codePoint < first + BLOCK_SIZE; codePoint++) {
      sum.update(words(map, "a" + Character.toString(codePoint) + "b"));
    }
    return (int) sum.getValue();
  }

  private static int sum(CharacterMap map, String text) {
    CRC32 sum = new CRC32();
    sum.update(words(map, text));
    return (int) sum.getValue();
  }

  /** The words of a text, each followed by a line feed. */
  private static byte[] words(CharacterMap map, String text) {
    StringBuilder words = new StringBuilder();
    NormalizedText normalized = new NormalizedText(map, text, 0, text.length());
    for (int entry = normalized.next(); entry != NormalizedText.END; entry = normalized.next()) {
      if (CharacterMap.kind(entry) != CharacterMap.WORD) {
        endLine(words);
      }
      if (CharacterMap.kind(entry) != CharacterMap.SPACE) {
        words.appendCodePoint(CharacterMap.codePoint(entry));
      }
      if (CharacterMap.kind(entry) != CharacterMap.WORD) {
        endLine(words);
      }
    }
    endLine(words);
    return words.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void endLine(StringBuilder words) {
    if (!words.isEmpty() && words.charAt(words.length() - 1) != '\n') {
      words.append('\n');
    }
  }

  private static String hex(int sum) {
    return "%08X".formatted(sum);
  }

  private static InputStream resource(String name) {
    return ReferenceTest.class.getResourceAsStream("/dev/kumiko/tokenize/" + name);
  }
}
