package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Ranked;
import dev.kumiko.Reranker;
import dev.kumiko.format.Json;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RerankCommandTest {
  private static final List<String> DOCUMENTS = List.of("a roof", "the", "Roofs.", "a b c d");

  @TempDir private Path folder;
  private String model;
  private List<Ranked> expected;

  @BeforeEach
  void convert() throws IOException {
    Path target = folder.resolve("reranker.safetensors");
    Path source = TestModels.resource("cross-encoders/roberta-reranker");
    Converter.convert(source, target, ConversionOptions.NONE, line -> {});
    model = target.toString();
    try (Reranker reranker = Reranker.load(target)) {
      expected = reranker.rank("the roof", DOCUMENTS);
    }
  }

  @Test
  void printsTheBestFirst() throws IOException {
    Outcome outcome =
        Outcome.of(
            "rerank", "-m", model, "--json", "the roof", "a roof", "the", "Roofs.", "a b c d");
    List<Json> lines = outcome.silent().json();
    assertEquals(DOCUMENTS.size(), lines.size());
    for (int i = 0; i < lines.size(); i++) {
      int index = lines.get(i).get("index").asInt();
      assertEquals(expected.get(i).index(), index);
      assertEquals(expected.get(i).score(), (float) lines.get(i).get("score").asDouble(), 1e-6f);
      assertEquals(DOCUMENTS.get(index), lines.get(i).get("text").asString());
    }
  }

  @Test
  void readsStandardInputAndPrintsTheTop() {
    byte[] input = String.join("\n", DOCUMENTS).getBytes(StandardCharsets.UTF_8);
    Outcome outcome = Outcome.of(input, "rerank", "-m", model, "--top", "2", "the roof").silent();
    List<String> lines = outcome.out.lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).endsWith("  " + DOCUMENTS.get(expected.get(0).index())), outcome.out);
    assertTrue(lines.get(0).matches(" [ -]?\\d\\.\\d{4}  .*"), outcome.out);
  }

  @Test
  void refusesWhatItCannotDo() throws IOException {
    Outcome.of("rerank", "a", "b")
        .failed(2, "Missing required option: '--model=FILE' (see kumiko rerank --help)");
    Outcome.of("rerank", "-m", model, "--top", "0", "a", "b")
        .failed(2, "--top must be at least 1, not 0");
    Outcome none = Outcome.of("rerank", "-m", model, "a");
    assertEquals(1, none.code);
    Outcome embedder = Outcome.of("rerank", "-m", SmallModel.path(), "a", "b");
    assertTrue(embedder.err.contains("gives embeddings, no scores"), embedder.err);
    Outcome reranker = Outcome.of("embed", "-m", model, "a");
    assertTrue(reranker.err.contains("no embeddings; load it with Reranker"), reranker.err);
    assertEquals(1, reranker.code);
  }

  @Test
  void inspectShowsTheLabels() throws IOException {
    Json facts = Outcome.of("inspect", model, "--json").silent().json().get(0);
    assertEquals("LABEL_0", facts.get("labels").items().get(0).asString());
    assertEquals("identity", facts.get("scores").asString());
    assertEquals("roberta", facts.get("architecture").get("family").asString());
  }
}
