package dev.kumiko.examples.springboot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Searches the notes in {@code notes.txt} for what the command line asks. */
@SpringBootApplication
public class NotesApplication {
  /** Starts the application: {@code java -jar APPLICATION "a question" ...}. */
  public static void main(String[] args) {
    SpringApplication.run(NotesApplication.class, args).close();
  }

  @Bean
  VectorStore notes(EmbeddingModel model) throws IOException {
    VectorStore store = SimpleVectorStore.builder(model).build();
    try (InputStream in = NotesApplication.class.getResourceAsStream("/notes.txt")) {
      String notes = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      store.add(notes.lines().map(Document::new).toList());
    }
    return store;
  }

  @Bean
  ApplicationRunner search(VectorStore notes) {
    return arguments -> {
      for (String question : arguments.getNonOptionArgs()) {
        System.out.println(question);
        SearchRequest request = SearchRequest.builder().query(question).topK(2).build();
        for (Document found : notes.similaritySearch(request)) {
          System.out.printf("  %.3f  %s%n", found.getScore(), found.getText());
        }
      }
    };
  }
}
