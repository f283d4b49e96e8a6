package dev.kumiko.tokenize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.kumiko.format.AddedToken;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.TokenModel;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BertTokenizerTest {
  private static final String[] WORDS = {
    "[UNK]", "[CLS]", "[SEP]", "roof", "ro", "##of", "##s", "é", "##é", "x", "##x"
  };

  private final Tokenizer tokenizer = tokenizer(100);

  @Test
  void cutsWordsIntoTheLongestPieces() {
    assertArrayEquals(new int[] {3, 6}, tokenizer.contentIds("Roofs"));
    assertArrayEquals(new int[] {4, 10, 5}, tokenizer.contentIds("roxof"));
  }

  @Test
  void aWordWithAPieceThatIsMissingIsOneUnknown() {
    assertArrayEquals(new int[] {0, 3}, tokenizer.contentIds("roofq roof"));
    assertArrayEquals(new int[] {0}, tokenizer.contentIds("of"));
  }

  @Test
  void aWordMayHaveAsManyCodePointsAsTheDescriptionSays() {
    assertArrayEquals(new int[] {9, 10, 10, 10}, tokenizer(4).contentIds("xxxx"));
    assertArrayEquals(new int[] {0}, tokenizer(4).contentIds("xxxxx"));
    assertArrayEquals(new int[] {0, 9}, tokenizer(1).contentIds("xx x"));
  }

  @Test
  void aWordMayHaveAsManyBytesAsTheDescriptionSays() {
    Tokenizer bytes =
        Vocabularies.tokenizer(
            Vocabularies.bert(
                new NormalizerStep.Bert(true, true, false, false),
                new TokenModel.WordPiece("##", 4, TokenModel.LengthUnit.BYTES, 0),
                SpecialTokens.bert(1, 2),
                List.of()),
            WORDS);
    assertArrayEquals(new int[] {7, 8}, bytes.contentIds("éé"));
    assertArrayEquals(new int[] {9, 10, 10, 10, 9}, bytes.contentIds("xxxx x"));
    assertArrayEquals(new int[] {0, 0, 0}, bytes.contentIds("ééx xéé xxxxx"));
  }

  @Test
  void readsNoFurtherThanNeeded() {
    String text = "roof ".repeat(2_000_000);
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    Encoding encoding = tokenizer.encode(text, 8);
    long allocated = thread.getCurrentThreadAllocatedBytes() - before;

    assertArrayEquals(new int[] {1, 3, 3, 3, 3, 3, 3, 2}, encoding.ids());
    assertTrue(encoding.truncated());
    assertEquals(2_000_002, tokenizer.count(text));
    assertTrue(allocated < 100_000, allocated + " bytes for a text of 10 MB");
  }

  @Test
  void putsSpecialsAroundAWindow() {
    int[] content = tokenizer.contentIds("roof x roof");
    Encoding window = tokenizer.withSpecials(content, 1, 3);
    assertArrayEquals(new int[] {1, 9, 3, 2}, window.ids());
    assertTrue(window.truncated());
    assertFalse(tokenizer.withSpecials(content, 0, 3).truncated());
    assertThrows(IndexOutOfBoundsException.class, () -> tokenizer.withSpecials(content, 2, 4));
  }

  @Test
  void namesTheTokensOfIds() {
    Tokenizer tokenizer =
        Vocabularies.tokenizer(Vocabularies.description(100, added(20, "[NEW]")), WORDS);
    assertEquals("##of", tokenizer.token(5));
    assertEquals("[NEW]", tokenizer.token(20));
    assertArrayEquals(new int[] {3, 20, 9}, tokenizer.contentIds("roof[NEW]x"));
    assertMessage("id 11 is not in the vocabulary of 11 tokens", () -> tokenizer.token(11));
    assertMessage("id -1 is not in the vocabulary of 11 tokens", () -> tokenizer.token(-1));
  }

  @Test
  void refusesALoneSurrogate() {
    String message = "text has a lone surrogate U+%s at index %d; it is not valid Unicode";
    assertMessage(message.formatted("D83D", 5), () -> tokenizer.encode("roof \uD83D", 8));
    assertMessage(message.formatted("D83D", 0), () -> tokenizer.count("\uD83Dx"));
    assertMessage(message.formatted("DE42", 1), () -> tokenizer.contentIds("x\uDE42"));
    assertMessage(message.formatted("DE42", 7), () -> tokenizer.encode("x x x x\uDE42", 3));
    assertMessage(
        "second text has a lone surrogate U+DE42 at index 2; it is not valid Unicode",
        () -> tokenizer.encodePair("x", "\uD83D\uDE42\uDE42", 9));
    assertArrayEquals(new int[] {0}, tokenizer.contentIds("\uD83D\uDE42"));
  }

  @Test
  void refusesNull() {
    assertEquals("text is null", nullMessage(() -> tokenizer.encode(null, 8)));
    assertEquals("text is null", nullMessage(() -> tokenizer.count(null)));
    assertEquals("text is null", nullMessage(() -> tokenizer.contentIds(null)));
    assertEquals("first text is null", nullMessage(() -> tokenizer.encodePair(null, "", 8)));
    assertEquals("second text is null", nullMessage(() -> tokenizer.encodePair("", null, 8)));
  }

  @Test
  void refusesALimitBelowTheSpecials() {
    assertMessage(
        "at most 1 tokens leave no room for the 2 special ones", () -> tokenizer.encode("x", 1));
    assertMessage(
        "at most 2 tokens leave no room for the 3 special ones",
        () -> tokenizer.encodePair("x", "x", 2));
    assertArrayEquals(new int[] {1, 2}, tokenizer.encode("x", tokenizer.specials()).ids());
    assertArrayEquals(
        new int[] {1, 2, 2}, tokenizer.encodePair("x", "x", tokenizer.pairSpecials()).ids());
  }

  @Test
  void refusesADescriptionThatDoesNotFitTheVocabulary() {
    assertRefused(
        "a special token has id 2, but the vocabulary has 2 tokens",
        () -> Vocabularies.tokenizer(Vocabularies.description(100), "a", "b"));
    assertRefused("a word may have at most 0 characters; at least 1 is needed", () -> tokenizer(0));
    assertRefused(
        "added token \"x\" has id 20, but id 9 in the vocabulary",
        () -> tokenizer(100, added(20, "x")));
    assertRefused(
        "added token \"y\" has id 3, which is \"roof\" in the vocabulary",
        () -> tokenizer(100, added(3, "y")));
    assertRefused(
        "added token 20, \"z\", has the id or the text of another one",
        () -> tokenizer(100, added(20, "y"), added(20, "z")));
    assertRefused(
        "added token 21, \"y\", has the id or the text of another one",
        () -> tokenizer(100, added(20, "y"), added(21, "y")));
    assertRefused(
        "added token 20, \"\u0301\", is empty or leaves nothing when normalised",
        () -> tokenizer(100, new AddedToken(20, "\u0301", false, false, false, true, false)));
  }

  @Test
  void sharesItsTablesBetweenThreads() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int codePoint = 0xA0; codePoint < 0xD800; codePoint += 3) {
      text.appendCodePoint(codePoint);
    }
    int[] expected = TokenizerJson.fixture("bert-mean").contentIds(text.toString());
    Tokenizer shared = TokenizerJson.fixture("bert-mean");
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Callable<int[]>> calls = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        calls.add(() -> shared.contentIds(text.toString()));
      }
      for (Future<int[]> result : threads.invokeAll(calls)) {
        assertArrayEquals(expected, result.get());
      }
    }
  }

  private static Tokenizer tokenizer(int maxInputCharsPerWord, AddedToken... added) {
    return Vocabularies.tokenizer(Vocabularies.description(maxInputCharsPerWord, added), WORDS);
  }

  private static AddedToken added(int id, String content) {
    return new AddedToken(id, content, false, false, false, false, true);
  }

  private static void assertRefused(String problem, Runnable refused) {
    String message = assertThrows(IllegalArgumentException.class, refused::run).getMessage();
    assertTrue(message.startsWith("a test: ") && message.endsWith(": " + problem), message);
  }

  private static void assertMessage(String message, Runnable refused) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, refused::run).getMessage());
  }

  private static String nullMessage(Runnable refused) {
    return assertThrows(NullPointerException.class, refused::run).getMessage();
  }
}
