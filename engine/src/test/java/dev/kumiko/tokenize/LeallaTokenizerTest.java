package dev.kumiko.tokenize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The original LEALLA's tokenizer: by hand, rule by rule, and against TensorFlow's ops. */
class LeallaTokenizerTest {
  private static final String[] WORDS = {
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "The",
    "join",
    "##er",
    "s",
    "’",
    "木",
    "組",
    "み",
    ":",
    "##3",
    "##5",
    "pieces",
    "👍",
    "🏽",
    "!",
    "a",
    "##a",
    "ä",
    "##ä",
    "1",
    "##2",
    "e",
    "\u0301",
    "[",
    "]",
    "CLS",
    "한",
    "##국",
    "##글",
    "ก",
    "##ิ",
    "ひ",
    "カ",
    "☃",
    "+",
    "5",
    "##+",
    "b",
    "##b",
    "\u0378",
    "##\u0379"
  };

  private final Tokenizer tokenizer = LeallaTokenizers.of(WORDS);

  private void assertPieces(String text, String... pieces) {
    String[] found =
        Arrays.stream(tokenizer.contentIds(text)).mapToObj(tokenizer::token).toArray(String[]::new);
    assertArrayEquals(pieces, found, text);
  }

  /** Fifteen pieces, written down from the rules by hand. */
  @Test
  void aSentenceWithAllRulesInIt() {
    String text = "The joiner’s 木組み: 3 5 pie\u00ADces\t\uD83D\uDC4D\uD83C\uDFFD\u200D !";
    int[] expected = {1, 3, 4, 5, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 2};
    assertArrayEquals(expected, tokenizer.encode(text, 128).ids());
    assertPieces(
        text, "The", "join", "##er", "’", "s", "木", "組", "み", ":", "##3", "##5", "pieces", "👍",
        "🏽", "!");
  }

  @Test
  void controlsLeaveNothingBetweenWords() {
    assertPieces("a\ta\na\u0000a\u200Ba\u0085a", "a", "##a", "##a", "##a", "##a", "##a");
    assertPieces("a a\u00A0a\u3000a\u2028a\u1680a", "a", "a", "a", "a", "a", "a");
    assertPieces("\t\n\r\u200B");
    assertPieces("");
    assertPieces("  \u3000 ");
  }

  @Test
  void whiteSpaceDoesNotPartWhatIsCommonItself() {
    assertPieces("1 2", "1", "##2");
    assertPieces("1\u30002 a", "1", "##2", "a");
    assertPieces("! !", "!", "!");
    assertPieces("5 + +", "5", "##+", "##+");
    // Ogham's space mark is of its own script.
    assertPieces("1\u16801", "1", "1");
  }

  @Test
  void marksAreAScriptOfTheirOwn() {
    assertPieces("e\u0301e", "e", "\u0301", "e");
    assertPieces("ä", "ä");
    assertPieces("กิ", "ก", "##ิ");
  }

  @Test
  void charactersOfHanEmojiAndPunctuationStandAlone() {
    assertPieces("木組", "木", "組");
    assertPieces("한국글", "한", "##국", "##글");
    assertPieces("ひカ", "ひ", "カ");
    assertPieces("+!:", "+", "!", ":");
    assertPieces("5+", "5", "##+");
    assertPieces("5+☃", "5", "+", "☃");
    assertPieces("5 ☃ +", "5", "☃", "+");
  }

  @Test
  void unassignedCharactersAreAScriptOfTheirOwn() {
    assertPieces("a\u0378\u0379a", "a", "\u0378", "##\u0379", "a");
  }

  @Test
  void aTypedSpecialIsText() {
    assertPieces("[CLS]", "[", "CLS", "]");
    assertPieces("[SEP]", "[", "[UNK]", "]");
  }

  @Test
  void aWordMayHaveAHundredBytes() {
    assertEquals(100, tokenizer.contentIds("a".repeat(100)).length);
    assertPieces("a".repeat(101), "[UNK]");
    assertEquals(50, tokenizer.contentIds("ä".repeat(50)).length);
    assertPieces("ä".repeat(51), "[UNK]");
    assertEquals(99, tokenizer.contentIds("a".repeat(98) + "ä").length);
    assertPieces("a".repeat(99) + "ä", "[UNK]");
    // What is spelt is as long as its characters.
    assertEquals(200, tokenizer.contentIds("木".repeat(200)).length);
    assertEquals(200, tokenizer.contentIds("! ".repeat(200)).length);
    assertPieces("1" + " 2".repeat(101), "[UNK]");
  }

  @Test
  void aTextKeepsItsFirst126Pieces() {
    Encoding full = tokenizer.encode("a ".repeat(126), 128);
    assertEquals(128, full.ids().length);
    assertFalse(full.truncated());
    Encoding cut = tokenizer.encode("a ".repeat(126) + "b", 128);
    assertArrayEquals(full.ids(), cut.ids());
    assertTrue(cut.truncated());
    // A word may be cut in its middle.
    Encoding inWord = tokenizer.encode("a ".repeat(125) + "ab", 128);
    assertArrayEquals(full.ids(), inWord.ids());
    assertTrue(inWord.truncated());
  }

  /** {@code reference.py} beside the data asked TensorFlow. */
  @Test
  void idsEqualTensorFlows() throws IOException {
    Tokenizer fixture = LeallaTokenizers.fixture();
    var in = getClass().getResourceAsStream("/dev/kumiko/tokenize/lealla/golden.json.gz");
    Map<?, ?> golden = Json.read(new GZIPInputStream(in));
    List<?> texts = Json.list(golden, "texts");
    List<?> ids = Json.list(golden, "ids");
    assertEquals(1550, texts.size());
    for (int i = 0; i < texts.size(); i++) {
      String text = (String) texts.get(i);
      int[] expected = Json.integers((List<?>) ids.get(i));
      assertArrayEquals(expected, fixture.encode(text, 128).ids(), text);
    }
  }
}
