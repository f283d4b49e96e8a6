package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Prompt;
import dev.kumiko.format.Json;
import dev.kumiko.model.Similarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules, prompts and similarities against sentence-transformers in double precision. */
class SentenceModulesTest {
  /** Of float rounding, on values up to about 6. */
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path folder;

  private Path convert(String name) throws IOException {
    Path target = folder.resolve(name + ".safetensors");
    Path source = TestModels.resource("sentence-modules/" + name);
    Converter.convert(source, target, ConversionOptions.NONE, line -> {});
    return target;
  }

  private static Json golden(String name) throws IOException {
    Path file = TestModels.resource("sentence-modules/" + name).resolve("golden.json");
    return Json.parse("golden.json", Files.readAllBytes(file));
  }

  private static List<String> texts(Json golden) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Json text : golden.get("texts").items()) {
      texts.add(text.asString());
    }
    return texts;
  }

  private static void assertSame(Json expected, List<Embedding> actual, String what)
      throws IOException {
    assertEquals(expected.items().size(), actual.size(), what);
    for (int text = 0; text < actual.size(); text++) {
      List<Json> vector = expected.items().get(text).items();
      assertEquals(vector.size(), actual.get(text).vector().length, what);
      for (int i = 0; i < vector.size(); i++) {
        double component = actual.get(text).vector()[i];
        assertEquals(vector.get(i).asDouble(), component, TOLERANCE, what + ", text " + text);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"all-poolings", "head", "prompts", "lower-case"})
  void vectorsEqualTheReference(String name) throws IOException {
    Json golden = golden(name);
    try (Embedder embedder = Embedder.load(convert(name))) {
      List<String> texts = texts(golden);
      assertSame(golden.get("vectors"), embedder.embedAll(texts), name);
      assertSame(golden.get("no_prompt"), embedder.embedAll(texts, Prompt.NONE), name + " bare");
      Json query = golden.get("query");
      assertSame(query, embedder.embedAll(texts, Prompt.QUERY), name + " query");
      assertSame(query, embedder.embedAll(texts, Prompt.named("query")), name + " by name");
      Json document = golden.get("document");
      assertSame(document, embedder.embedAll(texts, Prompt.DOCUMENT), name + " document");
      float[] single = embedder.embed(texts.get(0), Prompt.QUERY).vector();
      assertEquals(query.items().get(0).items().get(0).asDouble(), single[0], TOLERANCE, name);
    }
  }

  @ParameterizedTest
  @CsvSource({"all-poolings, EUCLIDEAN", "head, DOT", "prompts, MANHATTAN", "lower-case, COSINE"})
  void vectorsAreComparedAsTheModelStates(String name, Similarity similarity) throws IOException {
    Json golden = golden(name);
    try (Embedder embedder = Embedder.load(convert(name))) {
      assertEquals(similarity, embedder.model().similarity());
      List<Embedding> embeddings = embedder.embedAll(texts(golden), Prompt.NONE);
      for (int a = 0; a < embeddings.size(); a++) {
        List<Json> row = golden.get("similarity").items().get(a).items();
        for (int b = 0; b < embeddings.size(); b++) {
          double actual = embedder.similarity(embeddings.get(a), embeddings.get(b));
          // A sum of as many components as the vectors have.
          double tolerance = TOLERANCE * embedder.dimension();
          assertEquals(row.get(b).asDouble(), actual, tolerance, name + " " + a + ", " + b);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompts", "lower-case"})
  void shortVectorsAreNormalisedAgain(String name) throws IOException {
    Json golden = golden(name);
    try (Embedder embedder = Embedder.builder().truncateDim(4).load(convert(name))) {
      assertEquals(4, embedder.dimension());
      assertSame(golden.get("truncated"), embedder.embedAll(texts(golden)), name);
    }
  }

  @Test
  void theBuildersPromptIsTheDefault() throws IOException {
    Json golden = golden("prompts");
    Path model = convert("prompts");
    List<String> texts = texts(golden);
    try (Embedder bare = Embedder.builder().prompt(Prompt.NONE).load(model);
        Embedder query = Embedder.builder().prompt("query").load(model);
        Embedder stated = Embedder.builder().prompt(Prompt.of("a b ")).load(model)) {
      assertSame(golden.get("no_prompt"), bare.embedAll(texts), "none");
      assertSame(golden.get("query"), query.embedAll(texts), "query");
      assertSame(golden.get("query"), stated.embedAll(texts), "stated in full");
      assertSame(golden.get("document"), stated.embedAll(texts, Prompt.DOCUMENT), "document");
      assertEquals(4 + 6, stated.tokenize("the roof of the roof s").ids().length);
      assertEquals(2 + 6, stated.tokenize("the roof of the roof s", Prompt.NONE).ids().length);
    }
  }

  @Test
  void anUnknownPromptIsRefusedByName() throws IOException {
    try (Embedder embedder = Embedder.load(convert("prompts"))) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> embedder.embed("a", Prompt.named("summary")));
      assertTrue(
          e.getMessage().contains("no prompt named \"summary\"; it has [document, query]"),
          e.getMessage());
    }
  }
}
