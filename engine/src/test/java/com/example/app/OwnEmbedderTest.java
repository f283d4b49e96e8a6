package com.example.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Fixture;
import dev.kumiko.Prompt;
import dev.kumiko.Tokens;
import dev.kumiko.chunk.Chunk;
import dev.kumiko.chunk.TextSplitter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Embedders that an application writes itself, in a package of its own. */
class OwnEmbedderTest {
  @TempDir Path folder;

  @Test
  void aDecoratorKeepsWhatWasEmbedded() throws IOException {
    Path file = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    try (Embedder model = Embedder.load(file);
        CachingEmbedder caching = new CachingEmbedder(model)) {
      Embedding first = caching.embed("a roof");
      assertArrayEquals(model.embed("a roof").vector(), first.vector());
      assertSame(first, caching.embedAll(List.of("oak", "a roof", "oak")).get(1));
      assertEquals(2, caching.misses());
      Embedding query = caching.embed("a roof", Prompt.QUERY);
      assertNotEquals(first, query);
      assertSame(query, caching.embed("a roof", Prompt.named("query")));
      assertSame(query, caching.embed("a roof", Prompt.of("query: ")));
      assertSame(first, caching.embed("a roof", Prompt.NONE));
      assertEquals(3, caching.misses());
      assertThrows(
          IllegalArgumentException.class, () -> caching.embed("a roof", Prompt.named("none")));
    }
  }

  @Test
  void aFakeIsAnEmbedder() {
    try (Embedder fake = new FakeEmbedder(8)) {
      assertEquals(fake.embed("oak"), fake.embedAll(List.of("ash", "oak")).get(1));
      assertNotEquals(fake.embed("oak"), fake.embed("oak", Prompt.QUERY));
      assertEquals(5, fake.countTokens("oak is heavy"));
      assertEquals(6, fake.countTokens("oak is heavy", Prompt.QUERY));
      Tokens tokens = fake.tokenize("oak is heavy", Prompt.QUERY);
      assertEquals(List.of("[", "query:", "oak", "is", "heavy", "]"), tokens.texts());
      assertEquals(6, tokens.length());
      assertFalse(tokens.isOfText(1));
      assertTrue(tokens.isOfText(2));
      assertFalse(tokens.isOfText(5));
      assertEquals("is", "oak is heavy".substring(tokens.start(3), tokens.end(3)));
      assertFalse(tokens.truncated());
      Tokens cut = fake.tokenize("a b c", Prompt.NONE, 4);
      assertEquals(List.of("[", "a", "b", "]"), cut.texts());
      assertTrue(cut.truncated());
      List<Chunk> chunks = TextSplitter.builder(fake).build().split("a b c d e f g h i j");
      assertEquals(2, chunks.size());
    }
  }

  @Test
  void tokensAreCopiesOfWhatTheyAreMadeOf() {
    int[] ids = {1, 7, 2};
    int[] starts = {0};
    int[] ends = {3};
    Tokens tokens = new Tokens(ids, List.of("[", "oak", "]"), 1, starts, ends, false);
    ids[1] = 0;
    starts[0] = 9;
    ends[0] = 9;
    assertArrayEquals(new int[] {1, 7, 2}, tokens.ids());
    assertEquals(0, tokens.start(1));
    assertEquals(3, tokens.end(1));
  }

  @Test
  void tokensThatDoNotFitAreRefused() {
    int[] ids = {1, 7};
    List<String> texts = List.of("[", "oak");
    int[] one = {0};
    int[] two = {0, 0};
    String advice =
        " do not fit; give a text for each id, and a start and an end for each that is of the text";
    refused("2 ids, 1 texts, 1 tokens before, 1 starts and 1 ends" + advice, ids, 1, one, one);
    assertEquals(2, new Tokens(ids, texts, 0, two, two, false).length());
    refused("2 ids, 2 texts, 1 tokens before, 2 starts and 2 ends" + advice, ids, 2, two, two);
    refused("2 ids, 2 texts, 1 tokens before, 1 starts and 2 ends" + advice, ids, 2, one, two);
    refused(
        "token 1 goes from 4 to 0; give places in the text, the end not before the start",
        ids,
        2,
        new int[] {4},
        one);
    assertThrows(IllegalArgumentException.class, () -> new Tokens(ids, texts, -1, one, one, false));
    assertThrows(NullPointerException.class, () -> new Tokens(null, texts, 1, one, one, false));
  }

  private static void refused(String message, int[] ids, int texts, int[] starts, int[] ends) {
    List<String> some = List.of("[", "oak").subList(0, texts);
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class, () -> new Tokens(ids, some, 1, starts, ends, false))
            .getMessage());
  }
}
