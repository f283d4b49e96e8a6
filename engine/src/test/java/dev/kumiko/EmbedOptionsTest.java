package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.Similarity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one call wants otherwise than the embedder was built, and what it gives back. */
@Timeout(60)
class EmbedOptionsTest {
  private static final List<String> TEXTS = Collections.nCopies(500, "a roof of cedar");

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
  }

  @Test
  void aCallsDimensionIsThatOfAnEmbedderBuiltWithIt() throws IOException {
    try (Embedder whole = Embedder.load(model)) {
      for (int dimension : new int[] {1, 7, whole.dimension()}) {
        EmbedOptions options = EmbedOptions.DEFAULT.withDimension(dimension);
        try (Embedder built = Embedder.builder().truncateDim(dimension).load(model)) {
          float[] vector = whole.embed("a roof", options).vector();
          assertArrayEquals(built.embed("a roof").vector(), vector);
          assertEquals(1, Vectors.length(vector), 1e-6);
          EmbedOptions all = EmbedOptions.DEFAULT.withDimension(whole.dimension());
          assertArrayEquals(whole.embed("a roof").vector(), built.embed("a roof", all).vector());
        }
      }
    }
  }

  @Test
  void aDimensionThatNoVectorHasIsRefused() throws IOException {
    assertThrows(IllegalArgumentException.class, () -> EmbedOptions.DEFAULT.withDimension(0));
    try (Embedder embedder = Embedder.load(model)) {
      EmbedOptions options = EmbedOptions.DEFAULT.withDimension(embedder.dimension() + 1);
      String message =
          assertThrows(IllegalArgumentException.class, () -> embedder.embedAll(List.of(), options))
              .getMessage();
      assertTrue(message.contains("" + (embedder.dimension() + 1)), message);
      assertTrue(message.contains(embedder.dimension() + " components"), message);
    }
  }

  @Test
  void aCallsPromptStandsInPlaceOfTheEmbedders() throws IOException {
    try (Embedder plain = Embedder.load(model);
        Embedder query = Embedder.builder().prompt("query").load(model)) {
      EmbedOptions none = EmbedOptions.DEFAULT.withPrompt(Prompt.NONE);
      assertArrayEquals(plain.embed("a roof").vector(), query.embed("a roof", none).vector());
      assertArrayEquals(
          query.embed("a roof").vector(), plain.embed("a roof", query.prompt()).vector());
      EmbedOptions missing = EmbedOptions.DEFAULT.withPrompt(Prompt.named("riddle"));
      assertThrows(IllegalArgumentException.class, () -> plain.embed("a roof", missing));
    }
  }

  @Test
  void theTokensOfACallAreAddedUp() throws IOException {
    try (Embedder embedder = Embedder.load(model)) {
      Embeddings embeddings = embedder.embedAll(List.of("a", "a roof", ""));
      assertEquals(3 + embedder.countTokens("a roof") + 2, embeddings.tokens());
      assertEquals(3, embeddings.vectors().length);
      assertEquals(0, embedder.embedAll(List.of()).tokens());
      assertThrows(UnsupportedOperationException.class, () -> embeddings.remove(0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aListenerHearsOfEveryInputInOrder(int threads) throws IOException {
    List<Long> heard = new ArrayList<>();
    try (Embedder embedder = Embedder.builder().threads(threads).load(model)) {
      EmbedOptions options =
          EmbedOptions.DEFAULT.withProgress(
              (done, all) -> {
                assertEquals(TEXTS.size(), all);
                heard.add(done);
              });
      embedder.embedAll(TEXTS, options);
      assertTrue(heard.size() > 1, heard::toString);
      assertEquals(heard.stream().distinct().sorted().toList(), heard);
      assertEquals(TEXTS.size(), heard.getLast());
      heard.clear();
      embedder.embedAll(List.of(), options);
      assertEquals(List.of(), heard);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aListenerThatThrowsCostsNoVector(int threads) throws IOException {
    AtomicInteger calls = new AtomicInteger();
    try (Embedder embedder = Embedder.builder().threads(threads).load(model)) {
      EmbedOptions options =
          EmbedOptions.DEFAULT.withProgress(
              (done, all) -> {
                calls.incrementAndGet();
                throw new IllegalStateException("the bar is full");
              });
      Embeddings embeddings = embedder.embedAll(TEXTS, options);
      Vectors.assertSame(embedder.embedAll(TEXTS), embeddings, "with a listener that throws");
      assertEquals(1, calls.get());
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void throwAs(Throwable e) throws E {
    throw (E) e;
  }

  @Test
  void aListenerThatThrowsWhateverItLikesCostsNoVector() throws IOException {
    for (Throwable thrown :
        List.of(new AssertionError("boom"), new IOException("checked"), new StackOverflowError())) {
      try (Embedder embedder = Embedder.builder().threads(3).load(model)) {
        EmbedOptions options =
            EmbedOptions.DEFAULT.withProgress(
                (done, all) -> EmbedOptionsTest.<RuntimeException>throwAs(thrown));
        assertEquals(TEXTS.size(), embedder.embedAll(TEXTS, options).size(), thrown.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aListenerMayCloseTheEmbedder(int threads) throws IOException {
    for (List<String> texts : List.of(TEXTS, List.of("a roof of cedar ".repeat(20)))) {
      Embedder embedder = Embedder.builder().threads(threads).load(model);
      EmbedOptions options = EmbedOptions.DEFAULT.withProgress((done, all) -> embedder.close());
      try {
        assertEquals(texts.size(), embedder.embedAll(texts, options).size());
      } catch (IllegalStateException e) {
        assertTrue(e.getMessage().contains("closed"), e.toString());
      }
      assertThrows(IllegalStateException.class, () -> embedder.embed("a"));
      embedder.close();
    }
  }

  @Test
  void aListenerMayEmbed() throws IOException {
    try (Embedder embedder = Embedder.builder().threads(1).load(model)) {
      List<Embedding> inside = new ArrayList<>();
      EmbedOptions options =
          EmbedOptions.DEFAULT.withProgress((done, all) -> inside.add(embedder.embed("a roof")));
      embedder.embedAll(List.of("a", "b"), options);
      Vectors.assertSame(embedder.embed("a roof"), inside.getFirst(), "inside");
    }
  }

  @Test
  void anExecutorThatRefusesLeavesAllToTheCaller() throws IOException {
    try (Embedder embedder =
            Embedder.builder()
                .threads(4)
                .executor(
                    task -> {
                      throw new RejectedExecutionException("no more");
                    })
                .load(model);
        Embedder usual = Embedder.load(model)) {
      Vectors.assertSame(usual.embedAll(TEXTS), embedder.embedAll(TEXTS), "without helpers");
    }
  }

  @Test
  void storedVectorsAreCompared() throws IOException {
    float[] a = {3, 0};
    float[] b = {3, 4};
    assertEquals(0.6, Similarity.COSINE.between(a, b), 1e-15);
    assertEquals(9, Similarity.DOT.between(a, b));
    assertEquals(-4, Similarity.EUCLIDEAN.between(a, b));
    assertEquals(-4, Similarity.MANHATTAN.between(a, b));
    assertEquals(0, Similarity.COSINE.between(a, new float[2]));
    assertThrows(IllegalArgumentException.class, () -> Similarity.DOT.between(a, new float[3]));
    try (Embedder embedder = Embedder.load(model)) {
      assertEquals(0.6, embedder.similarity(a, b), 1e-15);
    }
  }

  @Test
  void embeddingsAreEqualIfAllIsEqual() {
    Embedding one = new Embedding(new float[] {1, 2, 3, 4}, 5, false);
    Embedding same = new Embedding(new float[] {1, 2, 3, 4}, 5, false, 0);
    assertEquals(one, same);
    assertEquals(one.hashCode(), same.hashCode());
    assertNotEquals(one, new Embedding(new float[] {1, 2, 3, 5}, 5, false));
    assertNotEquals(one, new Embedding(one.vector()));
    assertNotEquals(one, new Embedding(one.vector(), 5, true));
    assertNotEquals(one, new Embedding(one.vector(), 5, false, 1));
    assertEquals("Embedding[dimension=4, vector=1.0, 2.0, 3.0, ..., tokens=5]", one.toString());
    assertThrows(NullPointerException.class, () -> new Embedding(null));
  }
}
