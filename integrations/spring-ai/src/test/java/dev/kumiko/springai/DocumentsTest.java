package dev.kumiko.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Prompt;
import dev.kumiko.Ranked;
import dev.kumiko.Reranker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;

/** What is done with documents: divided into batches, ranked, split. */
class DocumentsTest {
  private static final List<Document> DOCUMENTS =
      List.of(
          new Document("one", "the roof", Map.of("page", 1)),
          new Document("two", "a b c d e f g h", Map.of("page", 2)),
          new Document("three", "Roofs of a", Map.of("page", 3)));

  @TempDir static Path folder;
  private static Embedder embedder;
  private static KumikoEmbeddingModel model;

  @BeforeAll
  static void load() throws IOException {
    embedder = Embedder.load(SmallModels.withPrompts(folder));
    model = KumikoEmbeddingModel.builder(embedder).prompts(KumikoPrompts.AUTO).build();
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  @Test
  void batchesAreFullToTheLastTokenThatTheModelCounts() {
    int first = model.countTokens(DOCUMENTS.get(0));
    int second = model.countTokens(DOCUMENTS.get(1));
    assertEquals(embedder.countTokens("the roof: the roof", Prompt.NONE), first);
    List<Document> both = DOCUMENTS.subList(0, 2);
    assertEquals(
        List.of(both, DOCUMENTS.subList(2, 3)),
        new KumikoBatchingStrategy(model, first + second).batch(DOCUMENTS));
    assertEquals(
        List.of(both.subList(0, 1), both.subList(1, 2)),
        new KumikoBatchingStrategy(model, first + second - 1).batch(both));
  }

  @Test
  void aDocumentAboveTheLimitIsABatchOfItsOwn() {
    assertEquals(
        DOCUMENTS.stream().map(List::of).toList(),
        new KumikoBatchingStrategy(model, 1).batch(DOCUMENTS));
    assertEquals(List.of(), new KumikoBatchingStrategy(model).batch(List.of()));
    String message =
        assertThrows(IllegalArgumentException.class, () -> new KumikoBatchingStrategy(model, 0))
            .getMessage();
    assertTrue(message.contains("maxTokens is 0"), message);
  }

  @Test
  void documentsAreRankedAndCarryTheirScores() throws IOException {
    try (Reranker reranker = Reranker.load(SmallModels.reranker(folder))) {
      List<Ranked> expected =
          reranker.rank("a roof", DOCUMENTS.stream().map(Document::getText).toList());
      for (int topN : new int[] {1, 2, 3, 4}) {
        List<Document> ranked =
            new KumikoRerankPostProcessor(reranker, topN).process(new Query("a roof"), DOCUMENTS);
        assertEquals(Math.min(topN, 3), ranked.size());
        for (int i = 0; i < ranked.size(); i++) {
          Document given = DOCUMENTS.get(expected.get(i).index());
          assertEquals(given.getId(), ranked.get(i).getId());
          assertEquals(given.getMetadata(), ranked.get(i).getMetadata());
          assertEquals(expected.get(i).score(), ranked.get(i).getScore(), 0.0);
        }
      }
      KumikoRerankPostProcessor all = new KumikoRerankPostProcessor(reranker);
      assertEquals(3, all.process(new Query("a roof"), DOCUMENTS).size());
      assertEquals(List.of(), all.process(new Query("a roof"), List.of()));
      assertThrows(
          IllegalArgumentException.class, () -> new KumikoRerankPostProcessor(reranker, 0));
    }
  }

  @Test
  void partsAreTheWholeTextAndFitTheModel() {
    String text =
        IntStream.range(0, 40)
            .mapToObj(i -> "The roof of " + (char) ('a' + i % 8) + ". ")
            .collect(Collectors.joining());
    List<Document> parts =
        KumikoTextSplitter.of(model).apply(List.of(new Document(text, Map.of("page", 4))));
    assertTrue(parts.size() > 1, parts::toString);
    assertEquals(text, parts.stream().map(Document::getText).collect(Collectors.joining()));
    for (Document part : parts) {
      int tokens = model.countTokens(part);
      assertTrue(tokens <= embedder.maxTokens(), tokens + " tokens");
      assertEquals(4, part.getMetadata().get("page"));
    }
    List<Document> overlapping =
        KumikoTextSplitter.of(model, embedder.maxTokens(), 5).apply(List.of(new Document(text)));
    assertTrue(overlapping.get(0).getText().endsWith("roof of a. "), overlapping::toString);
    assertTrue(overlapping.get(1).getText().startsWith("roof of a. "), overlapping::toString);
    assertThrows(IllegalArgumentException.class, () -> KumikoTextSplitter.of(model, 2, 0));
  }
}
