package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.chunk.Chunk;
import dev.kumiko.chunk.TextSplitter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A text's tokens, and where in the text they lie. */
class TokensTest {
  @TempDir Path folder;
  private Embedder embedder;

  @BeforeEach
  void load() throws IOException {
    Path model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    embedder = Embedder.load(model);
  }

  @AfterEach
  void close() {
    embedder.close();
  }

  private static List<String> pieces(String text, Tokens tokens) {
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i < tokens.length(); i++) {
      if (tokens.isOfText(i)) {
        pieces.add(text.substring(tokens.start(i), tokens.end(i)));
      }
    }
    return pieces;
  }

  @Test
  void tokensLieWhereTheirCharactersAre() {
    String text = "  \u00DCber \uD83D\uDE00 (a)";
    Tokens tokens = embedder.tokenize(text);
    assertEquals(
        List.of("\u00DC", "b", "e", "r", "\uD83D\uDE00", "(", "a", ")"), pieces(text, tokens));
    assertFalse(tokens.isOfText(0));
    assertEquals(0, tokens.end(0));
    assertEquals(tokens.ids().length, tokens.length());
    assertThrows(IndexOutOfBoundsException.class, () -> tokens.start(tokens.length()));
  }

  @Test
  void aPromptIsNotOfTheText() {
    String text = "roof (a)";
    Tokens plain = embedder.tokenize(text);
    Tokens prompted = embedder.tokenize(text, Prompt.QUERY);
    assertTrue(prompted.length() > plain.length());
    assertEquals(pieces(text, plain), pieces(text, prompted));
    assertFalse(prompted.isOfText(1));
  }

  @Test
  void aTextIsCountedBeyondWhatTheModelTakes() {
    String text = "(a) ".repeat(500);
    int all = 3 * 500 + 2;
    assertEquals(all, embedder.countTokens(text));
    Tokens cut = embedder.tokenize(text);
    assertEquals(embedder.maxTokens(), cut.length());
    assertTrue(cut.truncated());
    Tokens whole = embedder.tokenize(text, Prompt.NONE, Integer.MAX_VALUE);
    assertEquals(all, whole.length());
    assertFalse(whole.truncated());
    assertEquals(500, pieces(text, whole).stream().filter("a"::equals).count());
    assertThrows(IllegalArgumentException.class, () -> embedder.tokenize(text, Prompt.NONE, 1));
  }

  @Test
  void chunksAreWhatTheEmbedderTakesWhole() {
    String text = "The roof (a) stands. ".repeat(60);
    List<Chunk> chunks = TextSplitter.builder(embedder).build().split(text);
    assertTrue(chunks.size() > 1);
    assertEquals(text, chunks.stream().map(Chunk::text).collect(Collectors.joining()));
    for (Chunk chunk : chunks) {
      Embedding embedding = embedder.embed(chunk.text());
      assertFalse(embedding.truncated());
      assertEquals(chunk.tokens(), embedding.tokens());
    }
  }
}
