package dev.kumiko.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.Prompt;
import dev.kumiko.chunk.TextSplitter;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ingesting and retrieving with LangChain4j's own classes. */
class RetrievalTest {
  private static final String TEXT =
      "Ash bends well when it is steamed. Oak is heavy and lasts. The invoice is due on Friday. "
          + "A purlin carries the rafters.";

  @TempDir Path folder;
  private Embedder embedder;
  private final InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();

  @BeforeEach
  void load() throws IOException {
    embedder = Embedder.load(SmallModels.embedder(folder));
  }

  @AfterEach
  void close() {
    embedder.close();
  }

  @Test
  void promptsOfDocumentsAndQueriesArrive() {
    EmbeddingModel model = new KumikoEmbeddingModel(embedder);
    TextSplitter splitter = TextSplitter.builder(embedder).maxTokens(30).build();
    EmbeddingStoreIngestor.builder()
        .documentSplitter(new KumikoDocumentSplitter(splitter))
        .embeddingModel(model)
        .embeddingInputType(EmbeddingInputType.DOCUMENT)
        .embeddingStore(store)
        .build()
        .ingest(Document.from(TEXT, Metadata.from("file", "wood.txt")));
    List<Content> found =
        EmbeddingStoreContentRetriever.builder()
            .embeddingModel(model)
            .embeddingInputType(EmbeddingInputType.QUERY)
            .embeddingStore(store)
            .maxResults(1)
            .build()
            .retrieve(Query.from("which wood bends"));
    Embedding query = Embedding.from(embedder.embed("which wood bends", Prompt.QUERY).vector());
    var best =
        store
            .search(EmbeddingSearchRequest.builder().queryEmbedding(query).maxResults(1).build())
            .matches()
            .get(0);
    assertEquals(best.embedded().text(), found.get(0).textSegment().text());
    float[] document = embedder.embed(best.embedded().text(), Prompt.DOCUMENT).vector();
    double cosine = embedder.similarity(document, query.vector());
    assertEquals((cosine + 1) / 2, best.score(), 1e-6);
    assertEquals("wood.txt", best.embedded().metadata().getString("file"));
  }

  @Test
  void segmentsAreThePlacesTheySayAndFit() {
    TextSplitter splitter = TextSplitter.builder(embedder).maxTokens(30).build();
    List<TextSegment> segments =
        new KumikoDocumentSplitter(splitter).split(Document.from(TEXT, Metadata.from("a", "b")));
    assertTrue(segments.size() > 1);
    assertEquals(TEXT, segments.stream().map(TextSegment::text).collect(Collectors.joining()));
    for (int i = 0; i < segments.size(); i++) {
      Metadata metadata = segments.get(i).metadata();
      assertEquals("" + i, metadata.getString(KumikoDocumentSplitter.INDEX));
      assertEquals("b", metadata.getString("a"));
      int start = metadata.getInteger(KumikoDocumentSplitter.START);
      int end = metadata.getInteger(KumikoDocumentSplitter.END);
      assertEquals(TEXT.substring(start, end), segments.get(i).text());
      assertTrue(embedder.countTokens(segments.get(i).text()) <= 30);
    }
  }

  @Test
  void segmentsLeaveRoomForThePromptOfDocuments() {
    KumikoEmbeddingModel model = new KumikoEmbeddingModel(embedder);
    Document document = Document.from(TEXT.repeat(4));
    List<TextSegment> segments = KumikoDocumentSplitter.of(model).split(document);
    assertTrue(segments.size() > 1);
    assertEquals(
        document.text(), segments.stream().map(TextSegment::text).collect(Collectors.joining()));
    int longest = 0;
    for (TextSegment segment : segments) {
      longest = Math.max(longest, embedder.countTokens(segment.text(), Prompt.DOCUMENT));
    }
    assertTrue(longest <= embedder.maxTokens(), longest + " tokens");
    int prompt = embedder.countTokens("", Prompt.DOCUMENT) - embedder.countTokens("");
    assertTrue(prompt > 0 && longest > embedder.maxTokens() * 3 / 4, longest + " tokens");
    String third = KumikoDocumentSplitter.of(model, 30, 10).split(document).get(2).text();
    assertTrue(embedder.countTokens(third, Prompt.DOCUMENT) <= 30, third);
    assertThrows(
        IllegalArgumentException.class, () -> KumikoDocumentSplitter.of(model).split(null));
    assertThrows(IllegalArgumentException.class, () -> KumikoDocumentSplitter.of(model, 30, 30));
  }

  @Test
  void theDefaultModelFindsTheMeaning() {
    try (KumikoEmbeddingModel model = new KumikoEmbeddingModel()) {
      EmbeddingStoreIngestor.builder()
          .documentSplitter(
              new KumikoDocumentSplitter(
                  TextSplitter.builder(model.embedder()).maxTokens(14).build()))
          .embeddingModel(model)
          .embeddingStore(store)
          .build()
          .ingest(Document.from(TEXT));
      Content found =
          EmbeddingStoreContentRetriever.builder()
              .embeddingModel(model)
              .embeddingStore(store)
              .maxResults(1)
              .build()
              .retrieve(Query.from("When do I have to pay?"))
              .get(0);
      assertTrue(found.textSegment().text().contains("invoice"), found.textSegment().text());
    }
  }
}
