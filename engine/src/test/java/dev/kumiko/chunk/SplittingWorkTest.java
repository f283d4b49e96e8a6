package dev.kumiko.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.TokenizerJson;
import java.io.IOException;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many characters are handed to the counter: so many times the text, however long it is. */
class SplittingWorkTest {
  private static final int LONG = 1 << 16;

  /** Counts the characters that another counter is handed. */
  private static final class Handed implements ToIntFunction<String> {
    private final ToIntFunction<String> counter;
    private long characters;

    Handed(ToIntFunction<String> counter) {
      this.counter = counter;
    }

    @Override
    public int applyAsInt(String text) {
      characters += text.length();
      return counter.applyAsInt(text);
    }
  }

  private static void assertHanded(
      double mostTimes, ToIntFunction<String> counter, int maxTokens, int overlap, String text) {
    Handed handed = new Handed(counter);
    TextSplitter splitter =
        TextSplitter.builder(handed).maxTokens(maxTokens).overlapTokens(overlap).build();
    try (Stream<Chunk> chunks = splitter.stream(text)) {
      assertEquals(text.length(), chunks.mapToInt(Chunk::end).max().orElse(0));
    }
    double times = (double) handed.characters / text.length();
    assertTrue(times <= mostTimes, "the text was counted %.2f times".formatted(times));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "word ",
        "No sentence end, ",
        "A sentence ends. ",
        "a line\n",
        "a paragraph\r\n\r\n",
        "x",
        "字",
        "\u0E01",
        ".",
        "? ",
        " ",
        "\n",
        "\r\n",
        "\u00AD",
        "\u0301",
        "e\u0301",
        "\uD83D\uDE42",
        "\uD83D\uDC68\u200D",
        "\uD83C\uDDEF",
        "a. "
      })
  void eachUnitIsCountedAFewTimes(String unit) throws IOException {
    Tokenizer bert = TokenizerJson.fixture("bert-mean");
    for (int length : new int[] {LONG / 8, LONG}) {
      String text = unit.repeat(length / unit.length());
      assertHanded(7, Counters::codePoints, 258, 0, text);
      assertHanded(7, Counters::words, 258, 0, text);
      assertHanded(7, bert::count, 258, 0, text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"word ", "A sentence ends. ", "a line\n", "x", "\u0301", "a. "})
  void anOverlapCostsAFewTimesMore(String unit) {
    for (int length : new int[] {LONG / 8, LONG}) {
      String text = unit.repeat(length / unit.length());
      assertHanded(8, Counters::codePoints, 258, 64, text);
      assertHanded(8, Counters::words, 258, 64, text);
    }
  }

  @Test
  void tenMillionCharactersWithoutAnEndOfAnything() {
    assertHanded(7, Counters::codePoints, 514, 0, "x".repeat(10_000_000));
  }

  @Test
  void aChunkOfLongTokensDoesNotMakeTheNextOneRead() {
    String paragraphs = "a" + " ".repeat(10_000) + "\n\n" + "b ".repeat(1023) + "b\n\n";
    assertHanded(13, Counters::words, 514, 0, paragraphs.repeat(50));
  }

  @Test
  void tokensThatBeginLateAreFoundSoon() {
    ToIntFunction<String> capitals = text -> (int) text.chars().filter(c -> c == 'B').count();
    assertHanded(30, capitals, 10, 0, "a ".repeat(LONG / 4) + "B ".repeat(LONG / 4));
  }

  /** Where lengths of tokens change from one chunk to the next. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void unevenTextsAreCountedAFewTimes(int seed) {
    Random random = new Random(seed);
    String[] units = {"word ", ". ", "\n", "\n\n", " ", "x", "字", "\u0301", "Two words. ", "a b"};
    StringBuilder text = new StringBuilder();
    while (text.length() < LONG) {
      String unit = units[random.nextInt(units.length)];
      text.append(unit.repeat(1 << random.nextInt(seed * 3)));
    }
    for (int room : new int[] {8, 64, 512}) {
      assertHanded(12, Counters::codePoints, 2 + room, 0, text.toString());
      assertHanded(12, Counters::words, 2 + room, 0, text.toString());
      assertHanded(20, Counters::words, 2 + room, room / 4, text.toString());
    }
  }
}
