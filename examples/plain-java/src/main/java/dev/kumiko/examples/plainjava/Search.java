package dev.kumiko.examples.plainjava;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Prompt;
import dev.kumiko.chunk.Chunk;
import dev.kumiko.chunk.TextSplitter;
import dev.kumiko.search.ExactSearch;
import dev.kumiko.search.Neighbours;
import dev.kumiko.search.VectorSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Finds the places of a text that answer a question. */
public final class Search {
  private static final int FOUND = 2;

  private Search() {}

  /**
   * Prints what it finds for each question.
   *
   * @param args questions
   * @throws IOException if the text or the model cannot be read
   */
  public static void main(String[] args) throws IOException {
    try (Embedder embedder = Embedder.loadDefault();
        ExactSearch search = ExactSearch.cosine(1)) {
      // Chunks of a sentence or two; a longer text would take more tokens and an overlap.
      TextSplitter splitter = TextSplitter.builder(embedder).maxTokens(40).build();
      List<Chunk> chunks = splitter.split(text());
      List<String> texts = chunks.stream().map(Chunk::text).toList();
      VectorSource vectors =
          VectorSource.of(List.of(embedder.embedAll(texts, Prompt.DOCUMENT).vectors()));
      for (String question : args) {
        Embedding asked = embedder.embed(question, Prompt.QUERY);
        Neighbours found = search.nearest(VectorSource.of(List.of(asked.vector())), vectors, FOUND);
        System.out.println(question);
        for (int rank = 0; rank < found.each(); rank++) {
          Chunk chunk = chunks.get(found.index(0, rank));
          System.out.printf("%.2f  %s%n", found.score(0, rank), chunk.text().strip());
        }
      }
    }
  }

  private static String text() throws IOException {
    try (InputStream in = Search.class.getResourceAsStream("/carpentry.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
