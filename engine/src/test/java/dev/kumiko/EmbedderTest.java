package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings, texts that are none, and closing. */
class EmbedderTest {
  private static final String TEXT = "A purlin carries the rafters of a roof.";

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
  }

  @Test
  void nullIsRefusedByName() throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      List<String> hole = Arrays.asList("a", "b", null);
      assertMessage(NullPointerException.class, "texts[2] is null", () -> embedder.embedAll(hole));
      assertMessage(NullPointerException.class, "texts is null", () -> embedder.embedAll(null));
      assertMessage(NullPointerException.class, "text is null", () -> embedder.embed(null));
      assertMessage(NullPointerException.class, "text is null", () -> embedder.tokenize(null));
      assertEquals(2, embedder.embedAll(List.of("a", "b")).size());
    }
  }

  @Test
  void aLoneSurrogateIsReadAsTheReplacementCharacter() throws IOException {
    String high = "\uD83D";
    String low = "\uDE00";
    try (Embedder embedder = Embedder.load(model)) {
      List<String> texts =
          List.of("a roof", "cut " + high, low + " a" + high + high + low + low, high + low);
      List<String> repaired =
          List.of("a roof", "cut \uFFFD", "\uFFFD a\uFFFD" + high + low + "\uFFFD", high + low);
      List<Embedding> expected = embedder.embedAll(repaired);
      List<Embedding> actual = embedder.embedAll(texts);
      int[] replacements = {0, 1, 3, 0};
      for (int i = 0; i < texts.size(); i++) {
        assertArrayEquals(expected.get(i).vector(), actual.get(i).vector(), "" + i);
        assertEquals(replacements[i], actual.get(i).replacements());
        assertEquals(replacements[i], embedder.embed(texts.get(i)).replacements());
        assertEquals(0, expected.get(i).replacements());
        assertArrayEquals(
            embedder.tokenize(repaired.get(i)).ids(), embedder.tokenize(texts.get(i)).ids());
      }
    }
  }

  @Test
  void aLoneSurrogateIsRefusedWithItsPlaceWithinTheText() throws IOException {
    String message = " has a lone surrogate U+D83D at index 3; it is not valid Unicode";
    String broken = "abc\uD83D";
    for (EmbedderBuilder builder :
        List.of(Embedder.builder(), Embedder.builder().prompt("query").threads(3))) {
      try (Embedder embedder = builder.malformed(Malformed.REFUSE).load(model)) {
        Embedding before = embedder.embed(TEXT);
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        assertMessage(type, "text" + message, () -> embedder.embed(broken));
        assertMessage(type, "text" + message, () -> embedder.tokenize(broken));
        List<String> batch = List.of("a", "b", broken, "\uDC00");
        assertMessage(type, "texts[2]" + message, () -> embedder.embedAll(batch));
        Vectors.assertSame(before, embedder.embed(TEXT), "afterwards");
      }
    }
  }

  @Test
  void afterClosingNothingComputes() throws IOException {
    Embedder embedder = Embedder.load(model);
    Embedding embedding = embedder.embed(TEXT);
    float first = embedding.vector()[0];
    embedder.close();
    embedder.close();
    Class<IllegalStateException> type = IllegalStateException.class;
    assertMessage(type, "this embedder is closed", () -> embedder.embed(TEXT));
    assertMessage(type, "this embedder is closed", () -> embedder.embedAll(List.of()));
    assertMessage(type, "this embedder is closed", () -> embedder.tokenize(TEXT));
    assertEquals(first, embedding.vector()[0]);
    assertEquals(48, embedder.dimension());
  }

  @Test
  void closingWaitsForCallsThatRun() throws Exception {
    List<String> texts = Collections.nCopies(400, TEXT);
    try (ExecutorService callers = Executors.newFixedThreadPool(3)) {
      for (int round = 0; round < 5; round++) {
        Embedder embedder = Embedder.builder().threads(2).load(model);
        Embedding expected = embedder.embed(TEXT);
        List<Future<List<Embedding>>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          calls.add(callers.submit(() -> embedAllOrNone(embedder, texts)));
        }
        Thread.sleep(round);
        embedder.close();
        for (Future<List<Embedding>> call : calls) {
          for (Embedding actual : call.get()) {
            Vectors.assertSame(expected, actual, "during close");
          }
        }
      }
    }
  }

  private static List<Embedding> embedAllOrNone(Embedder embedder, List<String> texts) {
    try {
      return embedder.embedAll(texts);
    } catch (IllegalStateException e) {
      assertEquals("this embedder is closed", e.getMessage());
      return List.of();
    }
  }

  @Test
  void tokensAreTheReferences() throws IOException {
    Fixture fixture = Fixture.open("bert-mean");
    try (Embedder embedder = Embedder.load(model)) {
      List<Json> ids = fixture.golden().get("ids").items();
      List<Json> untruncated = fixture.golden().get("ids_untruncated").items();
      for (int i = 0; i < ids.size(); i++) {
        Tokens tokens = embedder.tokenize(fixture.texts().get(i));
        int[] expected = ids.get(i).items().stream().mapToInt(EmbedderTest::toInt).toArray();
        assertArrayEquals(expected, tokens.ids(), "text " + i);
        boolean cut = untruncated.get(i).items().size() > expected.length;
        assertEquals(cut, tokens.truncated(), "text " + i);
        assertEquals(expected.length, tokens.texts().size());
      }
      assertEquals(List.of("[CLS]", "a", "[SEP]"), embedder.tokenize("a").texts());
    }
  }

  private static int toInt(Json json) {
    try {
      return json.asInt();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPromptIsPutBeforeEveryText() throws IOException {
    Path asks =
        new ModelCopy(model)
            .metadata("kumiko.default_prompt", "query")
            .write(folder.resolve("asks.safetensors"));
    try (Embedder plain = Embedder.load(model);
        Embedder chosen = Embedder.builder().prompt("query").load(model);
        Embedder byDefault = Embedder.load(asks)) {
      Embedding expected = plain.embed("query: " + TEXT);
      Vectors.assertSame(expected, chosen.embed(TEXT), "chosen");
      Vectors.assertSame(expected, byDefault.embed(TEXT), "by default");
      Vectors.assertSame(expected, byDefault.embedAll(List.of("a", TEXT)).get(1), "in a batch");
      assertArrayEquals(plain.tokenize("query: " + TEXT).ids(), byDefault.tokenize(TEXT).ids());
      assertTrue(plain.embed(TEXT).cosine(expected) < 0.9999);
    }
  }

  @Test
  void anUnknownPromptIsRefusedWithThoseThereAre() {
    assertMessage(
        IllegalArgumentException.class,
        "bert-mean has no prompt named \"passage\"; it has [query]",
        () -> Embedder.builder().prompt("passage").load(model));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 47, 48})
  void truncatedVectorsAreNormalisedAgain(int dimension) throws IOException {
    try (Embedder whole = Embedder.load(model);
        Embedder part = Embedder.builder().truncateDim(dimension).load(model)) {
      float[] expected = Arrays.copyOf(whole.embed(TEXT).vector(), dimension);
      double length = Vectors.length(expected);
      for (int i = 0; i < dimension; i++) {
        expected[i] /= (float) length;
      }
      float[] actual = part.embed(TEXT).vector();
      assertEquals(dimension, part.dimension());
      assertArrayEquals(expected, actual, 1e-6f);
      assertEquals(1, Vectors.length(actual), 1e-6);
    }
  }

  @Test
  void aModelThatDoesNotNormaliseStaysSoWhenTruncated() throws IOException {
    String name = "bert-max-relu-unnormalised";
    Path raw = Fixture.open(name).writeModel(folder.resolve("raw.safetensors"));
    try (Embedder whole = Embedder.load(raw);
        Embedder part = Embedder.builder().truncateDim(5).load(raw)) {
      assertArrayEquals(
          Arrays.copyOf(whole.embed(TEXT).vector(), 5), part.embed(TEXT).vector(), 1e-6f);
    }
  }

  @Test
  void settingsThatDoNotFitAreRefusedWithBothNumbers() {
    Class<IllegalArgumentException> type = IllegalArgumentException.class;
    for (int dimension : new int[] {0, -1, 49}) {
      assertMessage(
          type,
          "truncateDim is " + dimension + ", but the vectors of bert-mean have 48 components",
          () -> Embedder.builder().truncateDim(dimension).load(model));
    }
    for (int tokens : new int[] {-1, 0, 2, 129}) {
      assertMessage(
          type,
          "maxTokens is " + tokens + ", but bert-mean takes from 3 to 128 tokens",
          () -> Embedder.builder().maxTokens(tokens).load(model));
    }
    assertMessage(type, "threads must be at least 1, not 0", () -> Embedder.builder().threads(0));
  }

  @Test
  void oneBuilderLoadsSeveral() throws IOException {
    EmbedderBuilder builder = Embedder.builder().truncateDim(4).threads(1);
    try (Embedder first = builder.load(model);
        Embedder second = builder.truncateDim(5).load(model)) {
      assertEquals(4, first.embed(TEXT).vector().length);
      assertEquals(5, second.embed(TEXT).vector().length);
    }
  }

  @Test
  void cosinesOfVectors() {
    Embedding x = new Embedding(new float[] {3, 0}, 1, false);
    Embedding y = new Embedding(new float[] {0, 0.5f}, 1, false);
    Embedding both = new Embedding(new float[] {-2, -2}, 1, false);
    assertEquals(1, x.cosine(x));
    assertEquals(0, x.cosine(y));
    assertEquals(-Math.sqrt(0.5), x.cosine(both), 1e-15);
    assertEquals(0, x.cosine(new Embedding(new float[2], 1, false)));
    assertMessage(
        IllegalArgumentException.class,
        "the vectors have different dimensions, 2 and 3; were they made by different models?",
        () -> x.cosine(new Embedding(new float[3], 1, false)));
  }

  @Test
  void theEmbedderDescribesItself() throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      assertEquals("bert-mean", embedder.model().name());
      assertEquals(64, embedder.maxTokens());
      assertEquals(System.getProperty("kumiko.backend"), embedder.backend().name());
      boolean vector = embedder.backend().vectorBits() > 0;
      assertEquals(vector, embedder.backend().toString().contains(" bits, tile "));
      assertEquals(vector, embedder.backend().reason().isEmpty());
      assertFalse(embedder.embed(TEXT).truncated());
      assertEquals(34, embedder.embed(TEXT).tokens());
    }
  }

  private static void assertMessage(
      Class<? extends Exception> type,
      String message,
      org.junit.jupiter.api.function.Executable action) {
    assertEquals(message, assertThrows(type, action).getMessage());
  }
}
