package dev.kumiko.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.TokenizerJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** Overlaps, edges and errors. */
class TextSplitterTest {
  private static TextSplitter words(int words, int overlap) {
    return TextSplitter.builder(Counters::words)
        .maxTokens(words + 2)
        .overlapTokens(overlap)
        .build();
  }

  @Test
  void chunksSayWhereTheyAreAndWhatTheyCount() {
    assertEquals(
        List.of(new Chunk("One two. ", 0, 9, 4), new Chunk("Three four.", 9, 20, 4)),
        words(3, 0).split("One two. Three four."));
  }

  @Test
  void overlapsAreWholeSentences() {
    assertEquals(
        List.of("A b. C d. E f. ", "C d. E f. G h. ", "E f. G h. I j."),
        Counters.texts(words(6, 4), "A b. C d. E f. G h. I j."));
    assertEquals(
        List.of("A b. C d. E f. ", "E f. G h. I j."),
        Counters.texts(words(6, 3), "A b. C d. E f. G h. I j."));
  }

  @Test
  void overlapsAreWordsIfASentenceIsTooLong() {
    assertEquals(
        List.of("a b c d ", "d e f g ", "g h i j"),
        Counters.texts(words(4, 1), "a b c d e f g h i j"));
    assertEquals(
        List.of("a b c d ", "c d e f ", "e f g h"), Counters.texts(words(4, 2), "a b c d e f g h"));
  }

  @Test
  void thereIsNoOverlapIfAWordIsTooLong() {
    TextSplitter splitter =
        TextSplitter.builder(Counters::codePoints).maxTokens(8).overlapTokens(2).build();
    assertEquals(
        List.of("aaa ", "bbb ", "ccc ", "ddd"), Counters.texts(splitter, "aaa bbb ccc ddd"));
    assertEquals(List.of("aaaaaa", "aaaaaa", "aa"), Counters.texts(splitter, "a".repeat(14)));
  }

  @Test
  void noSentenceIsDividedForAnOverlap() {
    assertEquals(
        List.of("A b. C d. ", "E f g h i. ", "h i. J k. ", "J k. L m."),
        Counters.texts(words(5, 2), "A b. C d. E f g h i. J k. L m."));
  }

  @Test
  void noWordIsDividedForAnOverlap() {
    TextSplitter splitter =
        TextSplitter.builder(Counters::codePoints).maxTokens(8).overlapTokens(3).build();
    assertEquals(List.of("aa bb ", "cccccc"), Counters.texts(splitter, "aa bb cccccc"));
    assertEquals(List.of("aa bb ", "bb ccc"), Counters.texts(splitter, "aa bb ccc"));
  }

  @Test
  void theLargestOverlapEnds() {
    List<String> chunks = Counters.texts(words(3, 2), "a b c d e f");
    assertEquals(List.of("a b c ", "b c d ", "c d e ", "d e f"), chunks);
  }

  @Test
  void theOverlapOfDividedClustersIsNothing() {
    TextSplitter splitter =
        TextSplitter.builder(Counters::codePoints).maxTokens(6).overlapTokens(3).build();
    assertEquals(
        List.of("a ", "e\u0301\u0301\u0301", "\u0301\u0301\u0301\u0301", "\u0301 b"),
        Counters.texts(splitter, "a e" + "\u0301".repeat(8) + " b"));
  }

  @Test
  void anEmptyTextHasNoChunksAndABlankOneHas() {
    assertEquals(List.of(), words(3, 0).split(""));
    assertEquals(List.of(new Chunk(" \n\n ", 0, 4, 2)), words(3, 1).split(" \n\n "));
    assertEquals(List.of("    ", "   "), Counters.split(Counters::codePoints, 6, "       "));
  }

  @Test
  void aTextThatFitsIsOneChunk() {
    assertEquals(List.of("A b.\n\nC."), Counters.split(Counters::words, 5, "A b.\n\nC."));
  }

  @Test
  void loneSurrogatesAreTheCountersBusiness() throws IOException {
    String text = "ab\uD83D cd\uDE42";
    assertEquals(List.of("ab\uD83D ", "cd\uDE42"), Counters.split(Counters::codePoints, 6, text));
    assertEquals(
        List.of("\uD83D\uDE42", "\uD83D", "\uD83D\uDE42", "\uDE42"),
        Counters.split(Counters::codePoints, 3, "\uD83D\uDE42\uD83D\uD83D\uDE42\uDE42"));
    Tokenizer strict = TokenizerJson.fixture("bert-mean");
    TextSplitter splitter = TextSplitter.builder(strict::count).maxTokens(8).build();
    assertEquals(
        "text has a lone surrogate U+D83D at index 2; it is not valid Unicode",
        assertThrows(IllegalArgumentException.class, () -> splitter.split(text)).getMessage());
  }

  @Test
  void aStreamLooksForAChunkWhenItIsAskedForOne() {
    List<Integer> counted = new ArrayList<>();
    TextSplitter splitter =
        TextSplitter.builder(
                text -> {
                  counted.add(text.length());
                  return Counters.words(text);
                })
            .maxTokens(10)
            .build();
    counted.clear();
    var stream = splitter.stream("word ".repeat(100_000));
    assertEquals(List.of(), counted);
    Iterator<Chunk> chunks = stream.iterator();
    assertEquals(0, chunks.next().start());
    assertTrue(counted.size() < 10 && counted.stream().allMatch(n -> n < 100), counted.toString());
    assertEquals(40, chunks.next().start());
  }

  @Test
  void theIteratorEnds() {
    var settings = new TextSplitter.Settings(Counters::words, 5, 0, 2, java.util.Locale.ROOT);
    Chunks chunks = new Chunks("a", settings);
    assertTrue(chunks.hasNext());
    chunks.next();
    assertFalse(chunks.hasNext());
    assertThrows(NoSuchElementException.class, chunks::next);
  }

  @Test
  void manyThreadsMayShareASplitter() throws Exception {
    TextSplitter splitter = words(7, 3);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      texts.add("One two %d. Three\nfour five. Six, seven. ".formatted(i).repeat(50 + i));
    }
    List<List<Chunk>> expected = texts.stream().map(splitter::split).toList();
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Callable<List<Chunk>>> calls = new ArrayList<>();
      texts.forEach(text -> calls.add(() -> splitter.split(text)));
      List<Future<List<Chunk>>> found = threads.invokeAll(calls);
      for (int i = 0; i < found.size(); i++) {
        assertEquals(expected.get(i), found.get(i).get());
      }
    }
  }

  @Test
  void whatCannotBeSplitIsNamed() {
    TextSplitter utf8 =
        TextSplitter.builder(text -> text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
            .maxTokens(3)
            .build();
    assertEquals(List.of("ab", "é", "日"), Counters.texts(utf8, "abé日"));
    refused(
        "maxTokens is 3, but the character U+1F642 at index 2 alone has 4 tokens, 0 of them"
            + " special ones and the prompt's; allow more",
        () -> utf8.split("ab\uD83D\uDE42"));
    NullPointerException e = assertThrows(NullPointerException.class, () -> utf8.split(null));
    assertEquals("text is null", e.getMessage());
    assertThrows(NullPointerException.class, () -> utf8.stream(null));
  }

  @Test
  void settingsThatCannotBeAreNamed() {
    TextSplitterBuilder builder = TextSplitter.builder(Counters::words);
    assertEquals(
        "maxTokens is not set; set it to as many as the model takes, or less",
        assertThrows(IllegalStateException.class, builder::build).getMessage());
    refused(
        "maxTokens is 2, but special tokens and the prompt are 2 already; allow 3 at least",
        () -> builder.maxTokens(2).build());
    String why =
        ", but must be from 0 to 2: of maxTokens, 5, special tokens and the prompt take 2, and a"
            + " chunk needs one for new text";
    refused("overlapTokens is 3" + why, () -> builder.maxTokens(5).overlapTokens(3).build());
    refused("overlapTokens is -1" + why, () -> builder.overlapTokens(-1).build());
    builder.overlapTokens(2).build();
    assertThrows(NullPointerException.class, () -> builder.locale(null));
    assertThrows(
        NullPointerException.class, () -> TextSplitter.builder((ToIntFunction<String>) null));
    refused("a text of 2 characters cannot be from 3 to 4", () -> new Chunk("ab", 3, 4, 1));
  }

  @Test
  void maxTokensMayBeUnlimited() {
    TextSplitter splitter =
        TextSplitter.builder(Counters::words).maxTokens(Integer.MAX_VALUE).build();
    assertEquals(1, splitter.split("a b\n\n".repeat(1000)).size());
  }

  private static void refused(String message, Runnable call) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, call::run).getMessage(), message);
  }
}
