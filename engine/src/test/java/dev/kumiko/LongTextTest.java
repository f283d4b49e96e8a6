package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of one-letter words, which are one token each, and a model that takes 64 tokens. */
class LongTextTest {
  private static final int ROOM = 62;

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
  }

  /** The words from {@code from} to {@code to} of an endless text. */
  private static String words(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append((char) ('a' + i * i % 23)).append(' ');
    }
    return text.toString();
  }

  @Test
  void cuttingKeepsTheBeginningAndSaysSo() throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      Embedding fits = embedder.embed(words(0, ROOM));
      assertFalse(fits.truncated());
      assertEquals(64, fits.tokens());
      Embedding cut = embedder.embed(words(0, ROOM + 1));
      assertTrue(cut.truncated());
      assertEquals(64, cut.tokens());
      assertArrayEquals(fits.vector(), cut.vector(), 1e-6f);
      assertTrue(embedder.tokenize(words(0, 100)).truncated());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"word ", "x", "\u6728", " ", "\uD83D\uDE00", "\u0301"})
  void aTextOfTenMegabytesIsCutQuickly(String piece) throws IOException {
    String text = words(0, ROOM) + piece.repeat(10_000_000 / piece.length());
    try (Embedder embedder = Embedder.load(model)) {
      Embedding expected = embedder.embed(words(0, ROOM));
      Embedding actual = assertTimeout(Duration.ofSeconds(20), () -> embedder.embed(text));
      assertArrayEquals(expected.vector(), actual.vector(), 1e-6f);
      assertEquals(64, actual.tokens());
    }
  }

  @Test
  void aTextOfTenMegabytesIsRefusedWithItsSize() throws IOException {
    try (Embedder embedder = Embedder.builder().longText(LongText.REFUSE).load(model)) {
      String text = "a b ".repeat(2_500_000);
      TextTooLongException e = assertThrows(TextTooLongException.class, () -> embedder.embed(text));
      assertEquals(5_000_002, e.tokens());
    }
  }

  @Test
  void refusingNamesTextAndBothNumbers() throws IOException {
    try (Embedder embedder = Embedder.builder().longText(LongText.REFUSE).load(model)) {
      assertEquals(64, embedder.embed(words(0, ROOM)).tokens());
      TextTooLongException alone =
          assertThrows(TextTooLongException.class, () -> embedder.embed(words(0, ROOM + 3)));
      assertEquals(
          "text has 67 tokens, 3 more than the 64 this embedder takes;"
              + " shorten it, or choose LongText.CUT or AVERAGE",
          alone.getMessage());
      assertEquals(67, alone.tokens());
      assertEquals(64, alone.maxTokens());
      List<String> batch = List.of("a", words(0, ROOM), words(0, ROOM + 1), "b");
      TextTooLongException e =
          assertThrows(TextTooLongException.class, () -> embedder.embedAll(batch));
      assertTrue(e.getMessage().startsWith("texts[2] has 65 tokens, 1 more"), e.getMessage());
      assertEquals(2, embedder.embedAll(List.of("a", "b")).size());
    }
  }

  /** Against the windows' own vectors, from the same model without its normalisation. */
  @ParameterizedTest
  @ValueSource(ints = {1, 62, 63, 124, 150, 700})
  void averagingWeighsTheWindowsByTheirTokens(int words) throws IOException {
    Path raw =
        new ModelCopy(model)
            .metadata("kumiko.normalize", "false")
            .write(folder.resolve("raw.safetensors"));
    try (Embedder window = Embedder.load(raw);
        Embedder plain = Embedder.builder().longText(LongText.AVERAGE).load(raw);
        Embedder normalised = Embedder.builder().longText(LongText.AVERAGE).load(model)) {
      double[] sum = new double[window.dimension()];
      int tokens = 0;
      for (int from = 0; from < words; from += ROOM) {
        Embedding part = window.embed(words(from, Math.min(from + ROOM, words)));
        for (int i = 0; i < sum.length; i++) {
          sum[i] += (double) part.tokens() * part.vector()[i];
        }
        tokens += part.tokens();
      }
      float[] expected = new float[sum.length];
      for (int i = 0; i < sum.length; i++) {
        expected[i] = (float) (sum[i] / tokens);
      }
      String text = words(0, words);
      Embedding actual = plain.embedAll(List.of("a", text, "b")).get(1);
      assertArrayEquals(expected, actual.vector(), 2e-6f);
      assertEquals(tokens, actual.tokens());
      assertFalse(actual.truncated());
      double length = Vectors.length(expected);
      for (int i = 0; i < expected.length; i++) {
        expected[i] /= (float) length;
      }
      assertArrayEquals(expected, normalised.embed(text).vector(), 1e-6f);
    }
  }

  private static void assertNoRoom(int tokens, int maxTokens, Executable call) {
    assertEquals(
        "the prompt has %d tokens, special tokens included, which leaves no room for a text: bert-mean takes %d here; shorten it, or raise maxTokens if the model has more positions"
            .formatted(tokens, maxTokens),
        assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  /** Of the default prompt alone. */
  private static int tokens(Path model) throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      return embedder.countTokens("");
    }
  }

  @Test
  void aPromptHasToLeaveRoomForAText() throws IOException {
    Prompt full = Prompt.of(words(0, ROOM));
    Prompt nearlyFull = Prompt.of(words(0, ROOM - 1));
    assertNoRoom(64, 64, () -> Embedder.builder().prompt(full).load(model));
    assertNoRoom(64, 63, () -> Embedder.builder().prompt(full).maxTokens(63).load(model));
    Embedder.builder().prompt(full).maxTokens(65).load(model).close();
    try (Embedder embedder = Embedder.builder().prompt(nearlyFull).load(model)) {
      assertTrue(embedder.embed("a").cosine(embedder.embed("b")) < 0.999999);
      assertNoRoom(64, 64, () -> embedder.embed("a", full));
      assertNoRoom(66, 64, () -> embedder.embedAll(List.of("a"), Prompt.of(words(0, ROOM + 2))));
      assertEquals(64, embedder.countTokens("", full));
    }
    Path asks =
        new ModelCopy(model)
            .metadata("kumiko.default_prompt", "query")
            .write(folder.resolve("asks.safetensors"));
    int query = tokens(asks);
    assertNoRoom(query, query, () -> Embedder.builder().maxTokens(query).load(asks));
    Embedder.builder().maxTokens(query).prompt(Prompt.NONE).load(asks).close();
  }

  @Test
  void theLongestInputCanBeSet() throws IOException {
    try (Embedder shortest = Embedder.builder().maxTokens(3).load(model);
        Embedder longest = Embedder.builder().maxTokens(128).load(model);
        Embedder usual = Embedder.load(model)) {
      Embedding one = shortest.embed(words(0, 100));
      Vectors.assertSame(
          usual.embed(words(0, 1)), new Embedding(one.vector(), 3, false), "one word");
      assertEquals(3, one.tokens());
      assertTrue(one.truncated());
      assertEquals(128, longest.embed(words(0, 1000)).tokens());
      assertFalse(longest.embed(words(0, 126)).truncated());
    }
  }
}
