package dev.kumiko.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.BreakIterator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** Where chunks end: each kind of boundary before the next worse one. */
class BoundaryTest {
  /** Splits what the chunks are expected to be, joined. */
  private static void assertWords(int words, String... chunks) {
    assertChunks(Counters::words, words + 2, chunks);
  }

  private static void assertCodePoints(int codePoints, String... chunks) {
    assertChunks(Counters::codePoints, codePoints + 2, chunks);
  }

  private static void assertChunks(ToIntFunction<String> counter, int maxTokens, String... chunks) {
    assertEquals(List.of(chunks), Counters.split(counter, maxTokens, String.join("", chunks)));
  }

  @Test
  void paragraphsBeforeLines() {
    assertWords(6, "One two.\nThree four.\n\n", "Five six.\nSeven eight.\n");
    assertWords(6, "One two.\r\nThree.\r\n\r\n", "Four five.\r\nSix seven.\r\n");
    assertWords(6, "One two.\nThree four.\n \t\n\n", "Five six.\nSeven eight.\n");
    assertWords(6, "One two.\nThree four.\u2029", "Five six.\nSeven eight.\n");
    assertWords(4, "one two\n\nthree four\n\n", "five six\n\n", "seven eight nine");
  }

  @Test
  void linesBeforeSentences() {
    assertWords(6, "One two. Three four\n", "five. Six seven. Eight.");
    assertWords(6, "One two. Three four\r", "five. Six seven. Eight.");
    assertWords(6, "One two. Three four\r\n", "five. Six seven. Eight.");
    assertWords(6, "One two. Three four\u2028", "five. Six seven. Eight.");
    assertWords(6, "One two. Three four\u0085", "five. Six seven. Eight.");
  }

  @Test
  void indentationBelongsToTheLine() {
    assertWords(4, "one two:\n", "  - three four\n", "  - five six");
  }

  @Test
  void sentencesBeforeWords() {
    assertWords(6, "One two. Three four! ", "Is five six seven? Eight nine.");
    assertWords(5, "He paid 3.14 dollars. ", "She said: \"No!\" (And left.) ", "Then what?");
    assertCodePoints(12, "日本語です。", "改行する、漢字です。", "「引用」だ。");
    assertWords(4, "سؤال أول؟ ", "جواب طويل جدا هنا.");
  }

  @Test
  void anAddressHasNoSentences() {
    assertWords(3, "See https://a.example/b?c=d&e=f one ", "two three.");
    assertCodePoints(24, "Ask ", "https://a.b/c?", "deeeeeeeeeeeeeee now");
    assertWords(3, "At https://a.b/c?D=e! f ", "g.");
    assertWords(2, "One. ", "At https://a.b/c?D=e!");
  }

  @Test
  void wordsKeepTheirPunctuationAndTheSpaceBehindThem() {
    assertWords(3, "one, (two) three; ", "\"four\" five - ", "six's seven's eight");
    assertCodePoints(8, "well-", "known ", "e.g. ", "it's");
    assertCodePoints(14, "नमस्ते ", "दुनिया। कैसे");
    assertCodePoints(7, "세계. ", "안녕하세요 ", "세계");
  }

  @Test
  void wordsOfALocale() {
    String text = "สวัสดีครับผมชื่อสมชาย";
    TextSplitter thai =
        TextSplitter.builder(Counters::codePoints).maxTokens(12).locale(Locale.of("th")).build();
    assertEquals(List.of("สวัสดีครับ", "ผมชื่อสม", "ชาย"), Counters.texts(thai, text));
  }

  /** A dictionary's words depend on what follows them. */
  @Test
  void wordsAreThoseOfTheWholeText() {
    Locale thai = Locale.of("th");
    String text = "สวัสดีครับผมชื่อสมชายวันนี้อากาศดีมากเราไปเที่ยวทะเลกันเถอะ".repeat(20);
    BreakIterator words = BreakIterator.getWordInstance(thai);
    words.setText(text);
    for (int room = 20; room < 60; room++) {
      TextSplitter splitter =
          TextSplitter.builder(Counters::codePoints).maxTokens(room + 2).locale(thai).build();
      for (Chunk chunk : splitter.split(text)) {
        assertTrue(words.isBoundary(chunk.end()), chunk + " ends in a word");
      }
    }
  }

  @Test
  void wordsThatAreTooLongAreDividedBetweenClusters() {
    assertCodePoints(6, "aa ", "bbbbbb", "bbbbbb", "bb cc");
    assertCodePoints(4, "e\u0301e\u0301", "e\u0301e\u0301", "e\u0301");
    String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";
    assertCodePoints(9, family + "ab", family + "cd", family);
    String flag = "\uD83C\uDDEF\uD83C\uDDF5";
    assertCodePoints(3, flag, flag, flag);
    assertCodePoints(1, "a", "b", "c");
    assertCodePoints(3, "a\r\n", "b\r\n");
    assertCodePoints(2, "a", "\r\n", "b");
  }

  @Test
  void clustersThatAreTooLongAreDividedBetweenCodePoints() {
    String mark = "\u0301";
    assertCodePoints(4, "ab", "e" + mark.repeat(3), mark.repeat(4), mark.repeat(2) + "cd");
    String flag = "\uD83C\uDDEF\uD83C\uDDF5";
    assertCodePoints(
        1, flag.substring(0, 2), flag.substring(2), flag.substring(0, 2), flag.substring(2));
    String tone = "\uD83C\uDFFD";
    assertCodePoints(2, tone + tone, tone + tone, tone);
    assertCodePoints(1, "\r", "\n", "a");
  }

  @Test
  void theClustersBehindADividedOneStayWhole() {
    String jp = "\uD83C\uDDEF\uD83C\uDDF5";
    String de = "\uD83C\uDDE9\uD83C\uDDEA";
    ToIntFunction<String> counter =
        text -> text.contains(jp) ? 9 : text.codePointCount(0, text.length());
    assertChunks(counter, 2, de, jp.substring(0, 2), jp.substring(2), de, de);
  }

  @Test
  void clustersAreCountedWholeBeforeTheyAreDivided() {
    ToIntFunction<String> longWordsAreUnknown =
        text -> 2 + (text.length() > 100 ? 1 : text.length());
    String cluster = "e" + "\u0301".repeat(150);
    assertEquals(
        List.of("ab ", cluster, "cd"),
        Counters.split(longWordsAreUnknown, 7, "ab " + cluster + "cd"));
  }

  @Test
  void aHeadingAloneIsNoChunk() {
    assertWords(
        12,
        "Heading\n\nOne two three four. Five six seven. ",
        "Eight nine ten eleven twelve. A b c d.");
  }

  @Test
  void aTinyRestIsNoChunk() {
    assertWords(8, "a b c d e f ", "g h i");
    assertWords(8, "a b c d e f g h ", "i j k l m n");
    assertWords(8, "A b c. D e f. ", "G h i.");
    assertWords(6, "One two three four five six. ", "Seven.");
  }
}
