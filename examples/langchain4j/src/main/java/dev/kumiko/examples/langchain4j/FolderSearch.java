package dev.kumiko.examples.langchain4j;

import dev.kumiko.langchain4j.KumikoDocumentSplitter;
import dev.kumiko.langchain4j.KumikoEmbeddingModel;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.loader.FileSystemDocumentLoader;
import dev.langchain4j.data.document.parser.TextDocumentParser;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.nio.file.Path;
import java.util.List;

/** Finds the passages of a folder of texts that are nearest to questions. */
public final class FolderSearch {
  private static final int PASSAGE_TOKENS = 64;
  private static final int PASSAGES = 2;

  private FolderSearch() {}

  /**
   * Prints two passages for each question.
   *
   * @param arguments a folder and any number of questions
   */
  public static void main(String[] arguments) {
    if (arguments.length < 2) {
      System.err.println("usage: FolderSearch FOLDER QUESTION...");
      System.exit(2);
    }
    try (KumikoEmbeddingModel model = new KumikoEmbeddingModel()) {
      ContentRetriever retriever = retriever(model, ingest(model, Path.of(arguments[0])));
      for (String question : List.of(arguments).subList(1, arguments.length)) {
        System.out.println(question);
        for (Content found : retriever.retrieve(Query.from(question))) {
          System.out.println("  " + line(found.textSegment()));
        }
      }
    }
  }

  private static EmbeddingStore<TextSegment> ingest(KumikoEmbeddingModel model, Path folder) {
    List<Document> documents =
        FileSystemDocumentLoader.loadDocuments(folder, new TextDocumentParser());
    EmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
    EmbeddingStoreIngestor.builder()
        .documentSplitter(KumikoDocumentSplitter.of(model, PASSAGE_TOKENS, 0))
        .embeddingModel(model)
        .embeddingInputType(EmbeddingInputType.DOCUMENT)
        .embeddingStore(store)
        .build()
        .ingest(documents);
    return store;
  }

  private static ContentRetriever retriever(
      EmbeddingModel model, EmbeddingStore<TextSegment> store) {
    return EmbeddingStoreContentRetriever.builder()
        .embeddingModel(model)
        .embeddingInputType(EmbeddingInputType.QUERY)
        .embeddingStore(store)
        .maxResults(PASSAGES)
        .build();
  }

  /** Returns where a passage is, and the passage. */
  private static String line(TextSegment passage) {
    return "%s, from %d: %s"
        .formatted(
            passage.metadata().getString(Document.FILE_NAME),
            passage.metadata().getInteger(KumikoDocumentSplitter.START),
            passage.text().strip().replaceAll("\\s+", " "));
  }
}
