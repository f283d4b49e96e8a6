package dev.kumiko.langchain4j.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j finds the model where none is named. */
class FoundByItselfTest {
  private static final String SERVICE =
      "META-INF/services/dev.langchain4j.spi.model.embedding.EmbeddingModelFactory";

  @Test
  void ingestorAndRetrieverTakeKumiko() {
    InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
    EmbeddingStoreIngestor ingestor =
        EmbeddingStoreIngestor.builder().embeddingStore(store).build();
    ingestor.ingest(Document.from("The invoice is due on Friday."), Document.from("Ash bends."));
    assertEquals(
        "Ash bends.",
        EmbeddingStoreContentRetriever.builder()
            .embeddingStore(store)
            .maxResults(1)
            .build()
            .retrieve(Query.from("flexible wood"))
            .get(0)
            .textSegment()
            .text());
  }

  /** A second factory: the same class, named by another folder of the class path. */
  @Test
  void twoFactoriesAreAConflict(@TempDir Path folder) throws IOException {
    Path other = folder.resolve(SERVICE);
    Files.createDirectories(other.getParent());
    Files.writeString(other, SecondFactory.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader both = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(both);
      RuntimeException conflict =
          assertThrows(
              RuntimeException.class,
              () ->
                  EmbeddingStoreIngestor.builder()
                      .embeddingStore(new InMemoryEmbeddingStore<>())
                      .build());
      assertTrue(conflict.getMessage().contains("Conflict"), conflict.getMessage());
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
