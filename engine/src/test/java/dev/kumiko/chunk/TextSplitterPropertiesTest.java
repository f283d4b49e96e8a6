package dev.kumiko.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.tokenize.LeallaTokenizers;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.TokenizerJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/**
 * What holds for every text, every limit and every way of counting: the tokenizers of the fixtures
 * (all of BERT's have the same), alone and with a prompt, and ways that no tokenizer has.
 */
class TextSplitterPropertiesTest {
  /** The JDK's own idea of a grapheme cluster. */
  private static final Pattern CLUSTER = Pattern.compile("\\X");

  private final Map<String, ToIntFunction<String>> counters = new TreeMap<>();

  TextSplitterPropertiesTest() throws IOException {
    Tokenizer bert = TokenizerJson.fixture("bert-mean");
    counters.put("bert-mean", bert::count);
    counters.put("bert-mean with a prompt", text -> bert.count("query: " + text));
    counters.put("labse", TokenizerJson.fixture("labse")::count);
    counters.put("lealla", LeallaTokenizers.fixture()::count);
    counters.put("words", Counters::words);
    counters.put("code points", Counters::codePoints);
    counters.put("bytes", text -> text.getBytes(StandardCharsets.UTF_8).length);
    counters.put("any number", text -> 2 + (text.isEmpty() ? 0 : (text.hashCode() >>> 28)));
    counters.put(
        "less for more", text -> 2 + (text.isEmpty() ? 0 : Math.max(1, 14 - text.length())));
  }

  @Property(tries = 2000)
  void chunksCoverTheTextAndAreWithinTheLimit(
      @ForAll("counterNames") String counterName,
      @ForAll("texts") String text,
      @ForAll @IntRange(min = 1, max = 30) int room,
      @ForAll @IntRange(max = 100) int overlapPart) {
    ToIntFunction<String> counter = counters.get(counterName);
    int max = counter.applyAsInt("") + room;
    int overlap = (room - 1) * overlapPart / 100;
    TextSplitter splitter =
        TextSplitter.builder(counter).maxTokens(max).overlapTokens(overlap).build();
    boolean divisible = text.codePoints().allMatch(c -> tokens(counter, c) <= max);
    List<Chunk> chunks;
    try {
      chunks = splitter.split(text);
    } catch (IllegalArgumentException e) {
      assertFalse(divisible, e.getMessage());
      return;
    }
    assertCover(text, chunks, overlap > 0);
    for (Chunk chunk : chunks) {
      assertEquals(text.substring(chunk.start(), chunk.end()), chunk.text());
      assertEquals(counter.applyAsInt(chunk.text()), chunk.tokens());
      assertTrue(chunk.tokens() <= max, chunk + " has more than " + max);
    }
    assertWholeClusters(text, chunks, counter, max);
    assertOverlaps(text, chunks, counter, overlap);
    assertEquals(chunks, splitter.stream(text).toList(), "another time");
  }

  private static int tokens(ToIntFunction<String> counter, int codePoint) {
    return counter.applyAsInt(Character.toString(codePoint));
  }

  private static void assertCover(String text, List<Chunk> chunks, boolean overlapping) {
    assertEquals(text.isEmpty(), chunks.isEmpty());
    int start = -1;
    int end = 0;
    for (Chunk chunk : chunks) {
      assertTrue(chunk.start() > start, "no progress at " + start);
      assertTrue(overlapping ? chunk.start() <= end : chunk.start() == end, "a gap at " + end);
      assertTrue(chunk.end() > end, "nothing after " + end);
      start = chunk.start();
      end = chunk.end();
    }
    assertEquals(text.length(), end);
  }

  private static void assertWholeClusters(
      String text, List<Chunk> chunks, ToIntFunction<String> counter, int max) {
    Set<Integer> places = new TreeSet<>();
    chunks.forEach(chunk -> places.addAll(List.of(chunk.start(), chunk.end())));
    Matcher cluster = CLUSTER.matcher(text);
    while (cluster.find()) {
      for (int i = cluster.start() + 1; i < cluster.end(); i++) {
        if (places.contains(i)) {
          assertTrue(counter.applyAsInt(cluster.group()) > max, "divided at " + i + ": " + cluster);
          assertFalse(Window.insidePair(text, i), "divided a character at " + i);
        }
      }
    }
  }

  private static void assertOverlaps(
      String text, List<Chunk> chunks, ToIntFunction<String> counter, int most) {
    for (int i = 1; i < chunks.size(); i++) {
      int start = chunks.get(i).start();
      int end = chunks.get(i - 1).end();
      if (start < end) {
        String both = text.substring(start, end);
        int tokens = counter.applyAsInt(both) - counter.applyAsInt("");
        assertTrue(tokens <= most, "%d tokens in [%s] for %d".formatted(tokens, both, most));
        boolean insideWord = isLatin(text.charAt(start - 1)) && isLatin(text.charAt(start));
        assertFalse(insideWord, "[" + both + "] begins in a word");
      }
    }
  }

  private static boolean isLatin(char c) {
    return Character.isLetter(c) && Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN;
  }

  /** But for the last two, which share what would be full and a tiny rest. */
  @Property
  void chunksOfWordsAreFull(
      @ForAll("words") List<String> words, @ForAll @IntRange(min = 1, max = 12) int room) {
    String text = String.join(" ", words);
    TextSplitter splitter = TextSplitter.builder(Counters::words).maxTokens(room + 2).build();
    int word = 0;
    for (Chunk chunk : splitter.split(text)) {
      int full = Math.min(word + room, words.size());
      int end = String.join(" ", words.subList(0, full)).length() + 1;
      int rest = text.length() - end;
      if (rest < 0 || rest >= (end - chunk.start()) / 4) {
        assertEquals(full - word + 2, chunk.tokens(), chunk + " of " + text);
      }
      word += chunk.tokens() - 2;
    }
    assertEquals(words.size(), word);
  }

  @Property(tries = 300)
  void aCharacterThatDoesNotFitIsNamed(@ForAll("texts") String text) {
    TextSplitter splitter =
        TextSplitter.builder(t -> t.getBytes(StandardCharsets.UTF_8).length).maxTokens(3).build();
    String bad = text + "\uD83D\uDE42 b";
    Exception e = assertThrows(IllegalArgumentException.class, () -> splitter.split(bad));
    int first = 0;
    while (bad.codePointAt(first) < 0x10000) {
      first++;
    }
    String character = "U+%04X at index %d ".formatted(bad.codePointAt(first), first);
    assertTrue(e.getMessage().contains(character), e.getMessage() + " instead of " + character);
  }

  @Provide
  Arbitrary<String> counterNames() {
    return Arbitraries.of(counters.keySet());
  }

  @Provide
  Arbitrary<List<String>> words() {
    return Arbitraries.strings().withCharRange('a', 'e').ofMinLength(1).ofMaxLength(30).list();
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> words =
        Arbitraries.of(
            "roof",
            "Dr.",
            "it's",
            "(well-known)",
            "3.14",
            "https://a.b/c?d=e",
            "purlin,",
            "É",
            "e\u0301\u0327",
            "Straße",
            "дом",
            "字",
            "日本語の文章です。",
            "カタカナ",
            "สวัสดีครับ",
            "각",
            "\u1100\u1161\u11A8",
            "नमस्ते",
            "क्षि",
            "مرحبا",
            "؟",
            "[SEP]",
            "\u200B");
    Arbitrary<String> spaces =
        Arbitraries.of(
            " ",
            " ",
            " ",
            ". ",
            "? ",
            "\n",
            "\r\n",
            "\n\n",
            "\r\n\r\n",
            "\t",
            "  ",
            "\r",
            "\u00A0",
            "\u2028",
            "\u2029");
    Arbitrary<String> emoji =
        Arbitraries.of(
            "\uD83D\uDE42",
            "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
            "\uD83C\uDDEF\uD83C\uDDF5",
            "\uD83C\uDDE9",
            "\uD83D\uDC4D\uD83C\uDFFD",
            "\u2764\uFE0F");
    Arbitrary<String> runs =
        Arbitraries.of("x", "ab", "\u0301", "字", "ก", " ", "\n", ".", "\uD83D\uDC68\u200D", "क्")
            .flatMap(part -> Arbitraries.integers().between(1, 150).map(part::repeat));
    Arbitrary<String> anything =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT - 0x800)
            .map(i -> i < Character.MIN_SURROGATE ? i : i + 0x800)
            .filter(Character::isDefined)
            .map(Character::toString);
    return Arbitraries.frequencyOf(
            Tuple.of(6, words),
            Tuple.of(6, spaces),
            Tuple.of(2, emoji),
            Tuple.of(1, runs),
            Tuple.of(1, anything))
        .list()
        .ofMaxSize(60)
        .map(parts -> String.join("", parts));
  }
}
